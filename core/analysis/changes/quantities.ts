import { splitWords } from './words-of-text.ts';
import { ownValue } from '../../own-value.ts';

/** A number in a line of a program or a configuration, by the name that stands before it. */
export interface Quantity {
  readonly key: string;
  /** Words of the key. */
  readonly words: readonly string[];
  /** As it is written. */
  readonly text: string;
  /** Times are in milliseconds, sizes in bytes. */
  readonly value: number;
  readonly measure: 'time' | 'size' | 'number';
}

/** Milliseconds. */
const times: Readonly<Record<string, number>> = {
  ns: 1e-6,
  nanosecond: 1e-6,
  us: 1e-3,
  microsecond: 1e-3,
  ms: 1,
  milli: 1,
  millis: 1,
  millisecond: 1,
  s: 1_000,
  sec: 1_000,
  second: 1_000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
};
/** Bytes. */
const sizes: Readonly<Record<string, number>> = {
  ki: 1_024,
  mi: 1_048_576,
  gi: 1_073_741_824,
  kb: 1_000,
  mb: 1_000_000,
  gb: 1_000_000_000,
  kib: 1_024,
  mib: 1_048_576,
  gib: 1_073_741_824,
};

/** A name, what joins it to its value, a number, and a unit directly behind it or multiplied with it (`5 * time.Second`). All repeats are bounded. */
const pattern =
  /([A-Za-z_][\w.-]{0,60})["']?\s{0,4}(?::=|[:=(,<>]|\s)[=\s"'(]{0,4}(\d[\d_]{0,14}(?:\.\d{1,9})?)(\s{0,2}\*\s{0,2}(?:[A-Za-z_]{1,20}\.){0,2})?([A-Za-z]{0,12})/g;

const timeOf = (unit: string): number | undefined => ownValue(times, unit);
const singular = (unit: string): string => unit.toLowerCase().replace(/s$/, '');

const ofMemory: ReadonlySet<string> = new Set(['memory', 'mem', 'heap', 'xmx', 'xms']);
const memoryUnits: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, g: 1e9 };

function measureOf(unit: string, words: readonly string[]): readonly [Quantity['measure'], number] {
  const plain = unit.toLowerCase();
  if (words.includes('cpu')) return ['number', plain === 'm' ? 1e-3 : 1];
  const bytes = words.some((word) => ofMemory.has(word)) ? ownValue(memoryUnits, plain) : undefined;
  const size = bytes ?? ownValue(sizes, plain);
  if (size !== undefined) return ['size', size];
  const time = timeOf(plain) ?? timeOf(singular(unit));
  if (time !== undefined) return ['time', time];
  // The unit may stand in the name: timeout_ms, ttlSeconds, ofMillis(500).
  const named = words
    .filter((word) => word.length > 1)
    .map((word) => timeOf(word) ?? timeOf(singular(word)))
    .find((one) => one !== undefined);
  return named === undefined ? ['number', 1] : ['time', named];
}

/** Reads the numbers of a line with what they are called, 20 at most. */
export function quantitiesOf(line: string): readonly Quantity[] {
  return [...line.slice(0, 1_000).matchAll(pattern)].slice(0, 20).map((match): Quantity => {
    const [, key = '', digits = '', times = '', unit = ''] = match;
    const words = splitWords(key);
    const [measure, factor] = measureOf(unit, words);
    const value = Number(digits.replaceAll('_', '')) * factor;
    return { key, words, text: `${digits}${times}${unit}`, value, measure };
  });
}
