import type { Entity } from '../../schemas/primitives.ts';
import {
  compareDurations,
  compareGaps,
  durationFloorMs,
  gapFloorMs,
} from '../compare-durations.ts';
import { compareProportions } from '../compare-proportions.ts';
import { compareRates } from '../compare-rates.ts';
import type { Shift } from '../shift.ts';
import { hasLikeLoad } from '../split-window.ts';
import type { SplitWindow } from '../split-window.ts';
import { isInside, secondsOf } from '../stretches.ts';
import { usualHistory } from '../usual-history.ts';
import type { Measured } from '../usual-history.ts';
import type { CallFact } from './trace-facts.ts';

/**
 * One aspect of the calls to one peer by one operation, as the caller saw them; `operation` null means all calls to that peer. A gap is a
 * duration of which the callee's own part is taken off: what the network and waiting took.
 */
export interface CallShift {
  readonly peer: Entity;
  readonly aspect: 'edge-duration' | 'edge-gap' | 'edge-error' | 'edge-traffic';
  readonly operation: string | null;
  readonly unit: string;
  readonly shift: Shift;
}

/** Compares the calls of one service before and after, by peer and operation; aspects with too few calls are left out. O(n log n). */
export function compareCalls(calls: readonly CallFact[], split: SplitWindow): readonly CallShift[] {
  const peers = groupBy(calls, ({ peer }) => JSON.stringify([peer.kind, peer.name]));
  return peers.flatMap((toPeer) => {
    const peer = toPeer[0]?.peer;
    if (peer === undefined) return [];
    const total = comparePart(peer, null, toPeer, split).filter(
      ({ aspect }) => aspect !== 'edge-duration' && aspect !== 'edge-gap',
    );
    const operations = groupBy(toPeer, ({ operation }) => operation).flatMap((part) =>
      comparePart(peer, part[0]?.operation ?? null, part, split).filter(
        ({ aspect }) => aspect !== 'edge-traffic',
      ),
    );
    return [...total, ...operations];
  });
}

function groupBy(
  calls: readonly CallFact[],
  keyOf: (call: CallFact) => string,
): readonly (readonly CallFact[])[] {
  const groups = new Map<string, CallFact[]>();
  for (const call of calls) {
    const group = groups.get(keyOf(call)) ?? [];
    group.push(call);
    groups.set(keyOf(call), group);
  }
  return [...groups].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, group]) => group);
}

function comparePart(
  peer: Entity,
  operation: string | null,
  calls: readonly CallFact[],
  split: SplitWindow,
): readonly CallShift[] {
  const before = calls.filter(({ startAt }) => isInside(split.baseline, startAt));
  const after = calls.filter(({ startAt }) => isInside(split.after, startAt));
  const errors = (side: readonly CallFact[]): { bad: number; total: number } => ({
    bad: side.filter(({ isError }) => isError).length,
    total: side.length,
  });
  const times = (side: readonly CallFact[]): readonly Measured[] =>
    side.map(({ startAt, durationMs }) => ({ at: startAt, value: durationMs }));
  const gaps = (side: readonly CallFact[]): readonly Measured[] =>
    side.flatMap(({ startAt, durationMs, calleeMs }) =>
      calleeMs === null ? [] : [{ at: startAt, value: Math.max(0, durationMs - calleeMs) }],
    );
  const usual = (measured: readonly Measured[], floorMs: number): readonly number[] =>
    usualHistory(measured, split.baseline, floorMs);
  const common = { peer, operation };
  const shifts = [
    {
      ...common,
      aspect: 'edge-error' as const,
      unit: '1',
      shift: compareProportions(errors(before), errors(after)),
    },
    {
      ...common,
      aspect: 'edge-duration' as const,
      unit: 'ms',
      shift: compareDurations(usual(times(before), durationFloorMs), valuesOf(times(after))),
    },
    {
      ...common,
      aspect: 'edge-gap' as const,
      unit: 'ms',
      shift: compareGaps(usual(gaps(before), gapFloorMs), valuesOf(gaps(after))),
    },
    {
      ...common,
      aspect: 'edge-traffic' as const,
      unit: '{request}/s',
      shift: hasLikeLoad(split)
        ? compareRates(
            { count: before.length, seconds: secondsOf(split.baseline) },
            { count: after.length, seconds: secondsOf(split.after) },
          )
        : null,
    },
  ];
  return shifts.flatMap(({ shift, ...rest }) => (shift === null ? [] : [{ ...rest, shift }]));
}

const valuesOf = (measured: readonly Measured[]): readonly number[] =>
  measured.map(({ value }) => value);
