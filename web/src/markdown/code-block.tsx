import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Element } from 'hast';
import type { LanguageInput } from 'shiki/core';
import { grammars } from './grammars.ts';
import classes from './markdown-text.module.css';

/** A block of code in the colours of its language; in one colour where nobody knows the language, or until it is known. */
export function CodeBlock({ node }: { readonly node: Element | undefined }) {
  const { code, language } = codeOf(node);
  const { data: lines } = useTokens(code, language);
  return (
    <pre className={classes['code']}>
      <code>
        {lines === undefined
          ? code
          : lines.map((tokens, line) => (
              // Lines and tokens have no name but their place.
              <span key={line}>
                {tokens.map(({ content, color }, place) => (
                  <span key={place} style={color === undefined ? {} : { color }}>
                    {content}
                  </span>
                ))}
                {line < lines.length - 1 && '\n'}
              </span>
            ))}
      </code>
    </pre>
  );
}

function codeOf(node: Element | undefined): { readonly code: string; readonly language: string } {
  const [inner] = node?.children ?? [];
  if (inner?.type !== 'element') return { code: '', language: '' };
  const text = inner.children.map((child) => (child.type === 'text' ? child.value : '')).join('');
  const names = [inner.properties['className'] ?? []].flat().map(String);
  const language = names.find((name) => name.startsWith('language-'))?.slice('language-'.length);
  return { code: text.replace(/\n$/, ''), language: language?.toLowerCase() ?? '' };
}

/** Highlighter and grammar are loaded when the first block wants them. */
function useTokens(code: string, language: string) {
  const client = useQueryClient();
  const grammar = grammars.get(language);
  const read = async (wanted: LanguageInput) => {
    const { createHighlighter, tokensOf } = await import('./highlighter.ts');
    const highlighter = await client.ensureQueryData({
      queryKey: ['highlighter'],
      queryFn: createHighlighter,
      gcTime: Number.POSITIVE_INFINITY,
    });
    await highlighter.loadLanguage(wanted);
    return tokensOf(highlighter, code, language);
  };
  return useQuery({
    queryKey: ['tokens', language, code],
    queryFn: grammar === undefined ? skipToken : () => read(grammar),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
