import { RE2JS } from 're2js';
import { AppError } from '../../core/errors.ts';
import type { FindMatches } from '../../core/safety/masking/mask-identifiers.ts';

/**
 * Makes what finds the stretches of a text that patterns of a user match; those that overlap are one. Patterns have the syntax of RE2, which runs each in time that grows with the text, whatever it
 * is. Throws `invalid.config`, naming the setting and the pattern, for one that RE2 does not understand or that matches the empty text.
 */
export function createFinder(setting: string, patterns: readonly string[]): FindMatches {
  const compiled = patterns.map((pattern) => compile(setting, pattern));
  return (text) => {
    const matches = compiled
      .flatMap((one) => matchesOf(one, text))
      .sort((one, other) => one.start - other.start);
    const found: { start: number; end: number }[] = [];
    for (const match of matches) {
      const last = found.at(-1);
      if (last !== undefined && match.start < last.end) last.end = Math.max(last.end, match.end);
      else found.push(match);
    }
    return found;
  };
}

function matchesOf(pattern: RE2JS, text: string): { start: number; end: number }[] {
  const matcher = pattern.matcher(text);
  const matches: { start: number; end: number }[] = [];
  while (matcher.find()) {
    const [start, end] = [matcher.start(), matcher.end()];
    // Of nothing there is nothing to hide, such as at a word's edge.
    if (end > start) matches.push({ start, end });
  }
  return matches;
}

function compile(setting: string, pattern: string): RE2JS {
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch (error) {
    throw unusable(setting, pattern, error instanceof Error ? error.message : String(error));
  }
  if (compiled.matcher('').find()) throw unusable(setting, pattern, 'it matches the empty text');
  return compiled;
}

function unusable(setting: string, pattern: string, why: string): AppError {
  const problem = `${setting} holds the pattern "${pattern}", which cannot be used: ${why}`;
  return new AppError('invalid.config', `The configuration cannot be used: ${problem}`, {
    details: { problems: [problem] },
  });
}
