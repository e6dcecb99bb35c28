import type { Window } from '../schemas/primitives.ts';

/** Times that belong together, such as all that are known to be healthy: half-open windows in epoch milliseconds, in order of time, that do not overlap. */
export type Stretches = readonly Window[];

const lengthOf = ({ startAt, endAt }: Window): number => endAt - startAt;

/** Tells whether an instant lies in a half-open window. */
export function isWithin(window: Window, at: number): boolean {
  return at >= window.startAt && at < window.endAt;
}

/** Tells whether an instant lies in one of the stretches. O(log n). */
export function isInside(stretches: Stretches, at: number): boolean {
  const found = stretches[lastBeginningBy(stretches, at)];
  return found !== undefined && at < found.endAt;
}

/**
 * Makes the test of `isInside` for many instants: those that follow each other mostly lie in the same stretch or gap, which is looked at first.
 */
export function insideOf(stretches: Stretches): (at: number) => boolean {
  let [from, to, isIn] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, false];
  return (at) => {
    if (at >= from && at < to) return isIn;
    const place = lastBeginningBy(stretches, at);
    const { startAt, endAt } = stretches[place] ?? { startAt: -Infinity, endAt: -Infinity };
    isIn = at < endAt;
    from = isIn ? startAt : Math.max(startAt, endAt);
    to = isIn ? endAt : (stretches[place + 1]?.startAt ?? Number.POSITIVE_INFINITY);
    return isIn;
  };
}

/** The place of the last stretch that begins at an instant or before; -1 where there is none. */
function lastBeginningBy(stretches: Stretches, at: number): number {
  let [low, high] = [0, stretches.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((stretches[middle]?.startAt ?? Number.POSITIVE_INFINITY) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** How long the stretches are together. */
export function secondsOf(stretches: Stretches): number {
  return stretches.reduce((sum, one) => sum + lengthOf(one), 0) / 1_000;
}

/** The shortest window that holds all of the stretches; empty at 0 where there are none. */
export function hullOf(stretches: Stretches): Window {
  return {
    startAt: stretches[0]?.startAt ?? 0,
    endAt: stretches.reduce((last, { endAt }) => Math.max(last, endAt), stretches[0]?.endAt ?? 0),
  };
}

/** Puts windows in any order, which may overlap or touch, in order and joins those that do. Empty ones are left out. */
export function joined(windows: readonly Window[]): Stretches {
  const ordered = windows
    .filter((one) => lengthOf(one) > 0)
    .toSorted((one, other) => one.startAt - other.startAt);
  const stretches: Window[] = [];
  for (const { startAt, endAt } of ordered) {
    const last = stretches.at(-1);
    if (last !== undefined && startAt <= last.endAt) {
      stretches[stretches.length - 1] = {
        startAt: last.startAt,
        endAt: Math.max(last.endAt, endAt),
      };
    } else {
      stretches.push({ startAt, endAt });
    }
  }
  return stretches;
}

/** The times that lie in both. O(n + m). */
export function common(one: Stretches, other: Stretches): Stretches {
  const both: Window[] = [];
  let [left, right] = [0, 0];
  for (;;) {
    const [a, b] = [one[left], other[right]];
    if (a === undefined || b === undefined) return both;
    const startAt = Math.max(a.startAt, b.startAt);
    const endAt = Math.min(a.endAt, b.endAt);
    if (endAt > startAt) both.push({ startAt, endAt });
    if (a.endAt <= b.endAt) left += 1;
    else right += 1;
  }
}

/**
 * Counts instants in equal parts of the stretches laid end to end; those outside count for nothing.
 */
export function countInParts(
  stretches: Stretches,
  parts: number,
  instants: Iterable<number>,
): number[] {
  const counts = Array.from({ length: parts }, () => 0);
  const partOf = partsOf(stretches, parts);
  for (const at of instants) {
    const part = partOf(at);
    if (part !== null) counts[part] = (counts[part] ?? 0) + 1;
  }
  return counts;
}

/** So many healthy times are a history: each of them is one look at what is usual. */
export const leastHistory = 5;

/** Makes what tells in which of the stretches an instant lies; null outside. */
export function placeIn(stretches: Stretches): (at: number) => number | null {
  return (at) => {
    const place = lastBeginningBy(stretches, at);
    return at < (stretches[place]?.endAt ?? at) ? place : null;
  };
}

/** Makes what tells in which of so many equal parts of the stretches, laid end to end, an instant lies; null outside. */
export function partsOf(stretches: Stretches, parts: number): (at: number) => number | null {
  const offsets: number[] = [];
  let total = 0;
  for (const one of stretches) {
    offsets.push(total);
    total += lengthOf(one);
  }
  return (at) => {
    const place = lastBeginningBy(stretches, at);
    const found = stretches[place];
    if (found === undefined || at >= found.endAt) return null;
    const passed = (offsets[place] ?? 0) + at - found.startAt;
    return Math.min(parts - 1, Math.floor((passed / total) * parts));
  };
}
