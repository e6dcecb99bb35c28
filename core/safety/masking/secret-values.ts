import { classOf, digit, endOfRun, looksRandom, lower, upper, word } from './character-classes.ts';
import { endOfMarker, hasMarker } from './marker.ts';
import type { SecretKey } from './secret-keys.ts';

/** Where a value stands: that says how far it goes and how sure it is one. */
export interface Place {
  readonly start: number;
  readonly end: number;
  /** After a colon and a space, or a flag: it may as well be the next word of a sentence. */
  readonly isProse: boolean;
}

/** What people write in place of a secret, and about one. */
const plainWords = new Set(
  (
    'true false null nil none undefined empty missing absent present invalid incorrect wrong expired required optional revoked rejected accepted refused denied ' +
    'ok yes no failed failure success error unknown set unset valid redacted masked hidden string text basic bearer digest negotiate oauth2 anonymous disabled enabled'
  ).split(' '),
);
const longestPlainWord = 12;
const least = { strong: 1, weak: 6 };
const leastDigits = { strong: 4, weak: 6 };

/** How much of a value is looked at before it is known to be a secret: else many names without a secret would cost the square of their length. */
export const longestLook = 256;

/** Tells whether what stands at this place after such a name is a secret, and not a word about one, a short number, a path or a marker. */
export function isSecretValue(text: string, place: Place, key: SecretKey): boolean {
  const { start, end, isProse } = place;
  const length = end - start;
  if (length < (key.isWeak ? least.weak : least.strong)) return false;
  if (endOfMarker(text, start) === end) return false;
  if (endOfRun(text, start, digit, end) === end) {
    return length >= (key.isWeak ? leastDigits.weak : leastDigits.strong);
  }
  if (length <= longestPlainWord && plainWords.has(text.slice(start, end).toLowerCase())) {
    return false;
  }
  if (isProse && isFollowedByWord(text, start, end)) return false;
  if (isPath(text, start) && (key.isWeak || key.ending === 'pwd')) return false;
  return !key.isWeak || (looksRandom(text, start, end) && !hasMarker(text, start, end));
}

/** Letters only, then a space and another word, or what one was masked by. */
function isFollowedByWord(text: string, start: number, end: number): boolean {
  const letters = endOfRun(text, start, upper | lower, end);
  if (letters < end && letters < end - 1) return false;
  if (text.charCodeAt(end) !== 32) return false;
  return (classOf(text.charCodeAt(end + 1)) & word) !== 0 || endOfMarker(text, end + 1) > 0;
}

function isPath(text: string, start: number): boolean {
  return ['/', './', '~/'].some((beginning) => text.startsWith(beginning, start));
}
