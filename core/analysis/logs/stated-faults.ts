import type { FaultKind } from '../../schemas/fault-kind.ts';
import type { Condition } from '../platform/condition.ts';
import { faultOfWords } from '../platform/fault-of-words.ts';
import type { SplitWindow } from '../split-window.ts';
import { hullOf, secondsOf } from '../stretches.ts';
import type { TemplateCount } from './log-tally.ts';

/** Faults that a program can tell of itself: it met them, and did not only hear of somebody else's. */
const sayable: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'bad-config',
  'certificate-expiry',
  'connection-exhaustion',
  'disk-full',
  'dns-failure',
  'memory-exhaustion',
  'quota-exceeded',
  'schema-change',
]);
const serious: ReadonlySet<string> = new Set(['warn', 'error', 'fatal']);
const leastLines = 3;
const leastRise = 3;

interface Said {
  readonly before: number;
  /** A program ended with it. */
  readonly isLast: boolean;
}

/**
 * Reads what programs themselves say is wrong with them, by the well-known words of operating systems, databases and run times in their warnings and errors: at
 * least three lines of a service and kind of fault, and three times as often as before: what a program always says is left out. What it dies of it says once.
 */
export function statedFaults(
  counts: readonly TemplateCount[],
  { baseline, after }: SplitWindow,
): readonly Condition[] {
  const said = new Map<string, Condition & Said>();
  for (const count of counts) {
    if (count.service === null || !serious.has(count.severity ?? '')) continue;
    const line = count.exemplarsAfter[0]?.body ?? count.exemplarsBefore[0]?.body ?? '';
    const isWarning = count.severity === 'warn';
    const faultKind = faultOfWords({ reason: '', message: line, isWarning });
    if (faultKind === null || !sayable.has(faultKind)) continue;
    const key = JSON.stringify([count.service, faultKind]);
    const known = said.get(key);
    const firstAt = count.severity === 'fatal' ? count.firstAt : (count.firstAfterAt ?? Infinity);
    const isLast = count.severity === 'fatal' || (known?.isLast ?? false);
    said.set(key, {
      isLast,
      entity: { kind: 'service', name: count.service },
      faultKind,
      detail: known === undefined || known.count < count.after ? line : known.detail,
      count: (known?.count ?? 0) + count.after + (count.severity === 'fatal' ? count.before : 0),
      before: (known?.before ?? 0) + count.before,
      firstAt: Math.min(known?.firstAt ?? Infinity, firstAt),
      lastAt: hullOf(after).endAt,
      isOver: false,
    });
  }
  const ratio = secondsOf(after) / secondsOf(baseline);
  return [...said.values()]
    .filter(
      ({ count, before, isLast }) =>
        isLast || (count >= leastLines && count >= leastRise * before * ratio),
    )
    .map(({ before: _before, isLast: _isLast, ...condition }) => condition);
}
