import type { Window } from '../../../core/schemas/primitives.ts';

/** What is left of some windows when others are cut out of them. */
export function without(wholes: readonly Window[], cuts: readonly Window[]): readonly Window[] {
  return cuts.reduce<readonly Window[]>(
    (left, cut) =>
      left.flatMap((whole) =>
        [
          { startAt: whole.startAt, endAt: Math.min(whole.endAt, cut.startAt) },
          { startAt: Math.max(whole.startAt, cut.endAt), endAt: whole.endAt },
        ].filter(({ startAt, endAt }) => endAt > startAt),
      ),
    wholes,
  );
}

/** The stretches of time in which instants follow each other within `gapMs`; an instant alone is none. Instants ascend. */
export function stretchesOf(instants: readonly number[], gapMs: number): readonly Window[] {
  const stretches: { startAt: number; endAt: number }[] = [];
  for (const at of instants) {
    const last = stretches.at(-1);
    if (last !== undefined && at - last.endAt <= gapMs) last.endAt = at;
    else stretches.push({ startAt: at, endAt: at });
  }
  return stretches.filter(({ startAt, endAt }) => endAt > startAt);
}

/** Spreads windows of one length over stretches of time: `most` at most, none overlapping another, as evenly as the stretches allow. */
export function spreadWindows(
  stretches: readonly Window[],
  lengthMs: number,
  most: number,
): readonly Window[] {
  const places = stretches.flatMap(({ startAt, endAt }) =>
    Array.from(
      { length: Math.max(0, Math.floor((endAt - startAt) / lengthMs)) },
      (_unused, index) => ({
        startAt: startAt + index * lengthMs,
        endAt: startAt + (index + 1) * lengthMs,
      }),
    ),
  );
  const count = Math.min(most, places.length);
  return Array.from({ length: count }, (_unused, index) =>
    places.slice(Math.floor((index * places.length) / count)).slice(0, 1),
  ).flat();
}
