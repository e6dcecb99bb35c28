import type { DiffEffect, EffectKind } from './diff-effects.ts';
import type { Hunk } from './parse-diff.ts';
import { quantitiesOf } from './quantities.ts';
import type { Quantity } from './quantities.ts';
import { quoted, splitWords } from './words-of-text.ts';

/** What a number limits. */
type Subject = 'life' | 'time' | 'attempts' | 'capacity';

/** Words by which programs call such numbers; the first that fits counts. */
const subjects: readonly (readonly [Subject, readonly string[]])[] = [
  ['life', ['ttl', 'expiry', 'expire', 'expires', 'expiration', 'maxage', 'retention', 'evict']],
  ['time', ['timeout', 'timeouts', 'deadline']],
  ['attempts', ['retry', 'retries', 'attempt', 'attempts', 'backoff']],
  [
    'capacity',
    [
      'max',
      'limit',
      'limits',
      'pool',
      'conn',
      'conns',
      'connections',
      'workers',
      'threads',
      'concurrency',
      'parallelism',
      'consumers',
      'partitions',
      'replicas',
      'capacity',
      'quota',
      'rate',
      'burst',
      'buffer',
      'queue',
      'inflight',
      'memory',
      'mem',
      'cpu',
      'heap',
      'xmx',
      'batch',
      'size',
      'entries',
    ],
  ],
];

interface Found extends Quantity {
  readonly subject: Subject;
  /** Words of the line and of the file, for what the key leaves out. */
  readonly around: readonly string[];
}

function subjectOf({ words, measure }: Quantity, line: readonly string[]): Subject | null {
  const bySubject = (list: readonly string[]): Subject | undefined =>
    subjects.find(([, known]) => known.some((word) => list.includes(word)))?.[0];
  const subject =
    bySubject(words) ?? (words.some((word) => word.length > 5) ? null : bySubject(line));
  // How long a resource is kept is no limit of how much there is.
  return subject === 'capacity' && measure === 'time' ? null : (subject ?? null);
}

function foundIn(hunk: Hunk, side: 'removed' | 'added'): readonly Found[] {
  return hunk[side].flatMap((line) => {
    const around = [...splitWords(line), ...splitWords(hunk.file ?? '')];
    return quantitiesOf(line).flatMap((quantity) => {
      const subject = subjectOf(quantity, splitWords(line));
      return subject === null ? [] : [{ ...quantity, subject, around }];
    });
  });
}

/** From this factor on a larger number is another order of load. */
const manyTimes = 2;

function kindOf(before: Found, after: Found): EffectKind | null {
  const isLess = after.value < before.value;
  const isMuchMore = after.value >= manyTimes * before.value;
  switch (before.subject) {
    case 'life':
      return isLess ? 'shorter-life' : null;
    case 'time':
      return isLess ? 'less-time' : null;
    case 'attempts':
      // Waiting less between attempts is as good as more of them.
      if (before.measure === 'time') return isLess ? 'more-attempts' : null;
      return isLess ? 'fewer-attempts' : isMuchMore ? 'more-attempts' : null;
    case 'capacity':
      return isLess ? 'less-capacity' : isMuchMore ? 'more-capacity' : null;
  }
}

/**
 * Finds numbers that a change lowers or raises, and limits that it takes away. A number is known again by its name, anywhere in the change, so that one that is only moved
 * has no effect.
 */
export function quantityEffects(hunks: readonly Hunk[]): readonly DiffEffect[] {
  const removed = hunks.flatMap((hunk) => foundIn(hunk, 'removed'));
  const added = hunks.flatMap((hunk) => foundIn(hunk, 'added'));
  const used = new Set<Found>();
  return removed.flatMap((before): DiffEffect[] => {
    const same = added.filter(
      (one) => !used.has(one) && one.key.toLowerCase() === before.key.toLowerCase(),
    );
    const after = same.find(({ value }) => value === before.value) ?? same[0];
    if (after === undefined) return boundRemoved(before);
    used.add(after);
    const kind = after.value === before.value ? null : kindOf(before, after);
    if (kind === null) return [];
    const verb = after.value < before.value ? 'lowers' : 'raises';
    const name = nameOf(before);
    const says = `${verb} ${name} from ${quoted(before.text, 40)} to ${quoted(after.text, 40)}`;
    return [{ kind, says, words: [...before.words, ...before.around] }];
  });
}

/** A name that says nothing is that of an argument: what the line speaks of is told instead. */
function nameOf({ key, words, subject, around }: Found): string {
  const known = subjects.find(([name]) => name === subject)?.[1] ?? [];
  if (words.some((word) => known.includes(word))) return quoted(key, 60);
  return `the ${around.find((word) => known.includes(word)) ?? subject}`;
}

function boundRemoved(before: Found): DiffEffect[] {
  if (before.subject !== 'capacity' || !before.words.some((word) => /^(max|limit)/.test(word)))
    return [];
  const says = `takes away ${quoted(`${before.key} ${before.text}`, 80)}`;
  return [{ kind: 'bound-removed', says, words: [...before.words, ...before.around] }];
}
