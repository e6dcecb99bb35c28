import type { Evidence } from '../../core/schemas/evidence.ts';
import type { QuotedNumber } from './quoted-numbers.ts';
import { ownValue } from '../../core/own-value.ts';

/** The numbers and texts of one piece of evidence, ready to be asked. */
export interface EvidenceIndex {
  readonly hasNumber: (quoted: QuotedNumber) => boolean;
  readonly hasText: (text: string) => boolean;
  /** Whether a text stands in it that is no part of a longer word or number. */
  readonly hasWord: (text: string) => boolean;
}

const maxValues = 200_000;
const plainNumber = /^[-+]?\d+(?:\.\d+)?$/;
/** What a number of the evidence is multiplied by to be in the unit of the sentence. */
const factors: Readonly<Record<string, readonly number[]>> = {
  '%': [100, 1],
  ms: [1, 1_000, 1e-3, 1e-6, 60_000],
  s: [1, 1e-3, 1e-6, 1e-9, 60],
  us: [1, 1_000, 1e6, 1e-3],
  ns: [1, 1e3, 1e6, 1e9],
  min: [1, 1 / 60, 1 / 60_000],
  MB: [1e-6, 1, 1 / 1_048_576],
  h: [1, 1 / 60, 1 / 3_600, 1 / 3.6e6],
  d: [1, 1 / 24, 1 / 86_400, 1 / 8.64e7],
  k: [1e-3],
  M: [1e-6],
  G: [1e-9],
  KB: [1e-3, 1 / 1_024, 1],
  GB: [1e-9, 1 / 2 ** 30, 1e-3, 1 / 1_024, 1],
  TB: [1e-12, 1 / 2 ** 40, 1e-3, 1 / 1_024, 1],
};
/** Digests carry four significant digits, so a number may have been rounded once before it was written down. */
const roundedOnce = 6e-4;

/** Reads evidence for later questions: numbers wherever they stand, texts with their white space made even. Bounded to 200,000 values. */
export function indexEvidence(evidence: Pick<Evidence, 'data' | 'title' | 'key'>): EvidenceIndex {
  const numbers: number[] = [];
  const texts: string[] = [evidence.title, evidence.key];
  const pending: unknown[] = [evidence.data];
  let seen = 0;
  for (let value = pending.pop(); value !== undefined && seen < maxValues; value = pending.pop()) {
    seen += 1;
    if (typeof value === 'number') numbers.push(value);
    else if (typeof value === 'string') {
      texts.push(value);
      if (value.length < 40 && plainNumber.test(value)) numbers.push(Number(value));
    } else if (Array.isArray(value)) pending.push(...value.slice(0, maxValues).map(orNull));
    else if (typeof value === 'object' && value !== null) {
      for (const [key, field] of Object.entries(value)) {
        texts.push(key);
        pending.push(orNull(field));
      }
    }
  }
  numbers.sort((one, other) => one - other);
  const body = evened(texts.join('\n'));
  return {
    hasNumber: (quoted) => isAmong(numbers, quoted),
    hasText: (text) => body.includes(evened(text)),
    hasWord: (text) => hasWord(body, evened(text)),
  };
}

/** The stack ends at the first undefined, so holes become null. */
function orNull(value: unknown): unknown {
  return value ?? null;
}

function evened(text: string): string {
  return text.replaceAll(/[“”\s]+/g, ' ').trim();
}

const partOfWord = /[\p{L}\p{N}]/u;

function hasWord(body: string, word: string): boolean {
  if (word === '') return false;
  for (let at = body.indexOf(word); at >= 0; at = body.indexOf(word, at + word.length)) {
    const around = body.slice(Math.max(0, at - 1), at) + body.charAt(at + word.length);
    if (!partOfWord.test(around)) return true;
  }
  return false;
}

function isAmong(sorted: readonly number[], quoted: QuotedNumber): boolean {
  const { value, decimals, unit } = quoted;
  const tolerance = 0.5 * 10 ** -decimals + roundedOnce * Math.abs(value);
  return (ownValue(factors, unit) ?? [1]).some((factor) => {
    const low = (value - tolerance) / factor;
    const high = (value + tolerance) / factor;
    const found = sorted[firstAtLeast(sorted, low)];
    return found !== undefined && found <= high;
  });
}

function firstAtLeast(sorted: readonly number[], least: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Number.POSITIVE_INFINITY) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
