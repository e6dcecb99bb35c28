import { clearScore } from '../shift.ts';
import type { Shift } from '../shift.ts';
import { changePoints } from './change-points.ts';

const maxBlocks = 300;

/** Where a sequence of events began to be other than before: the later part reaches up to `endIndex`, where it changes once more or ends. */
export interface SequenceShift {
  readonly shift: Shift;
  /** Index of the first event of the later part. */
  readonly index: number;
  readonly endIndex: number;
}

/**
 * Finds where events, in order of time, began to be other than before: the earliest change-point of their values whose two sides differ clearly by `compare`,
 * and at least half as clearly as any. Long sequences are taken as means of up to 300 runs of equal length. Null when nothing shifts. Values
 * must be finite.
 */
export function sequenceShift(
  values: readonly number[],
  compare: (index: number, endIndex: number) => Shift | null,
): SequenceShift | null {
  const run = Math.max(1, Math.ceil(values.length / maxBlocks));
  const blocks: number[] = [];
  for (let start = 0; start < values.length; start += run) {
    const part = values.slice(start, start + run);
    blocks.push(part.reduce((sum, value) => sum + value / part.length, 0));
  }
  const points = changePoints(blocks);
  const candidates = points.flatMap((point, place) => {
    const index = point * run;
    const next = points[place + 1];
    const ends = next === undefined ? [values.length] : [next * run, values.length];
    return ends.flatMap((endIndex) => {
      const shift = compare(index, endIndex);
      return shift === null || shift.score < clearScore ? [] : [{ shift, index, endIndex }];
    });
  });
  const furthest = candidates.reduce((most, { shift }) => Math.max(most, shift.score), 0);
  return candidates.find(({ shift }) => shift.score >= furthest / 2) ?? null;
}
