import { anyOf } from './characters.ts';
import { wildcard } from './mask-line.ts';

const opens = anyOf('=:([{"\',@');
const closes = anyOf(',;:)]}"\'.@');

/** How much words have in common at their two ends, up to a bracket, a quote or the like: the rest of each is what varies. */
export interface CommonEnds {
  readonly prefix: string;
  readonly suffix: string;
  readonly middles: readonly string[];
}

/** Finds the common ends of different words. O(total length). */
export function findCommonEnds(words: readonly string[]): CommonEnds {
  const [first = ''] = words;
  let start = first.length;
  for (const word of words) {
    let same = 0;
    while (same < start && same < word.length && word[same] === first[same]) same += 1;
    start = same;
  }
  while (start > 0 && !opens(first.charCodeAt(start - 1))) start -= 1;
  let length = first.length - start;
  for (const word of words) {
    let same = 0;
    const most = Math.min(length, word.length - start);
    while (same < most && word.at(-1 - same) === first.at(-1 - same)) same += 1;
    length = same;
  }
  while (length > 0 && !closes(first.charCodeAt(first.length - length))) length -= 1;
  return {
    prefix: first.slice(0, start),
    suffix: first.slice(first.length - length),
    middles: words.map((word) => word.slice(start, word.length - length)),
  };
}

/** Joins the words of one place into a field: the word itself where there is one only, else its common ends with a wildcard between. */
export function joinWords(words: readonly string[]): string {
  const different = [...new Set(words)];
  const [only] = different;
  if (different.length === 1 && only !== undefined) return only;
  const { prefix, suffix } = findCommonEnds(different);
  return prefix + wildcard + suffix;
}
