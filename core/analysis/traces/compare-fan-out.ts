import type { Entity } from '../../schemas/primitives.ts';
import { minSupport } from '../compare-proportions.ts';
import { compareRates } from '../compare-rates.ts';
import type { Shift } from '../shift.ts';
import type { SplitWindow } from '../split-window.ts';
import { isInside } from '../stretches.ts';
import type { CallFact, OperationFact } from './trace-facts.ts';

/** How many calls a service makes to one peer for each request that it serves. */
export interface FanOutShift {
  readonly peer: Entity;
  readonly shift: Shift;
}

/**
 * Compares how often a service calls each of its peers for one request of its own: a client that sends failed calls again shows here, whatever its users
 * do. `operations` and `calls` are those of one service; a side with fewer than ten requests gives nothing. Order follows the peers' names. O(n).
 */
export function compareFanOut(
  operations: readonly OperationFact[],
  calls: readonly CallFact[],
  split: SplitWindow,
): readonly FanOutShift[] {
  const requests = sidesOf(operations, split);
  if (Math.min(requests.before, requests.after) < minSupport) return [];
  const peers = new Map<string, CallFact[]>();
  for (const call of calls) {
    const key = JSON.stringify([call.peer.kind, call.peer.name]);
    const known = peers.get(key);
    if (known === undefined) peers.set(key, [call]);
    else known.push(call);
  }
  return [...peers]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, toPeer]) => {
      const peer = toPeer[0]?.peer;
      const made = sidesOf(toPeer, split);
      const shift = compareRates(
        { count: made.before, seconds: requests.before },
        { count: made.after, seconds: requests.after },
      );
      return peer === undefined || shift === null ? [] : [{ peer, shift }];
    });
}

function sidesOf(
  facts: readonly { readonly startAt: number }[],
  split: SplitWindow,
): { readonly before: number; readonly after: number } {
  return {
    before: facts.filter(({ startAt }) => isInside(split.baseline, startAt)).length,
    after: facts.filter(({ startAt }) => isInside(split.after, startAt)).length,
  };
}
