import { createCssVariablesTheme, createHighlighterCore } from 'shiki/core';
import type { HighlighterCore, ThemedToken } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';

/** Longer lines stay in one colour: the patterns of a grammar are not made for them. */
const mostLineLength = 500;
/** Colours are variables of our style sheets, so that they follow light and dark. */
const theme = createCssVariablesTheme({ variablePrefix: '--hf-code-' });

/** Makes a highlighter that knows no language yet. */
export function createHighlighter(): Promise<HighlighterCore> {
  return createHighlighterCore({
    themes: [theme],
    langs: [],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
}

/** Splits code into lines of coloured tokens. */
export function tokensOf(
  highlighter: HighlighterCore,
  code: string,
  language: string,
): readonly (readonly ThemedToken[])[] {
  const { tokens } = highlighter.codeToTokens(code, {
    lang: language,
    theme: theme.name ?? '',
    tokenizeMaxLineLength: mostLineLength,
  });
  return tokens;
}
