import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { detectOnset } from '../../../../core/analysis/onset/detect-onset.ts';
import { outcomeOnset } from '../../../../core/analysis/onset/outcome-onset.ts';
import { createRandom, normal } from '../random.ts';
import { nile, nileFallIndex } from './nile.ts';

const everyFiveSeconds = (values: readonly number[]): { atMs: number[]; values: number[] } => ({
  atMs: values.map((_value, index) => index * 5_000),
  values: [...values],
});

describe('detectOnset', () => {
  test('brackets the step of a series between the last old sample and the first clear ones', () => {
    const random = createRandom(31);
    const values = Array.from(
      { length: 30 },
      (_unused, index) => (index < 18 ? 100 : 400) + 5 * normal(random),
    );
    const found = detectOnset(everyFiveSeconds(values), 1);
    expect(found?.shift.direction).toBe('up');
    expect(found?.onset.earliestAt).toBeLessThanOrEqual(18 * 5_000);
    expect(found?.onset.earliestAt).toBeGreaterThanOrEqual(16 * 5_000);
    expect(found?.onset.latestAt).toBeGreaterThanOrEqual(18 * 5_000);
    expect(found?.onset.latestAt).toBeLessThanOrEqual(20 * 5_000);
  });

  test('needs more than the fall of the Nile, which stays within what came before, and brackets a like fall that does not', () => {
    expect(detectOnset(everyFiveSeconds(nile), 1)).toBeNull();
    const deeper = nile.map((flow, index) => (index < nileFallIndex ? flow : flow - 1_000));
    const found = detectOnset(everyFiveSeconds(deeper), 1);
    expect(found?.shift.direction).toBe('down');
    expect(found?.onset.earliestAt).toBe((nileFallIndex - 1) * 5_000);
    expect(found?.onset.latestAt).toBeGreaterThanOrEqual(nileFallIndex * 5_000);
    expect(found?.onset.latestAt).toBeLessThanOrEqual((nileFallIndex + 2) * 5_000);
  });

  test('dates the beginning and not the end of trouble that passed', () => {
    const values = Array.from({ length: 40 }, (_unused, index) =>
      index >= 15 && index < 30 ? 50 + (index % 3) : 1 + (index % 3),
    );
    expect(detectOnset(everyFiveSeconds(values), 1)?.onset.latestAt).toBeLessThanOrEqual(80_000);
  });

  test('keeps to a series that was always 0', () => {
    const values = Array.from({ length: 20 }, (_unused, index) => (index < 12 ? 0 : 0.4));
    expect(detectOnset(everyFiveSeconds(values), 0.02)?.onset).toEqual({
      earliestAt: 55_000,
      latestAt: 65_000,
    });
  });

  test('is null for a constant, for noise and for a few samples', () => {
    const random = createRandom(33);
    expect(detectOnset(everyFiveSeconds(Array.from({ length: 30 }, () => 7)), 1)).toBeNull();
    expect(detectOnset(everyFiveSeconds([1, 1, 1, 90, 90]), 1)).toBeNull();
    let found = 0;
    for (let run = 0; run < 200; run += 1) {
      const noise = Array.from({ length: 30 }, () => normal(random));
      if (detectOnset(everyFiveSeconds(noise), 0) !== null) found += 1;
    }
    expect(found).toBeLessThanOrEqual(4);
  });

  test('is sound for any samples and does not depend on their order', () => {
    const sample = fc.record({
      at: fc.integer({ min: 0, max: 1e6 }),
      value: fc.double(),
    });
    const samples = fc.uniqueArray(sample, { selector: ({ at }) => at, maxLength: 60 });
    fc.assert(
      fc.property(samples, fc.double({ min: 0, max: 100, noNaN: true }), (list, floor) => {
        const read = (rows: typeof list): ReturnType<typeof detectOnset> =>
          detectOnset(
            { atMs: rows.map(({ at }) => at), values: rows.map(({ value }) => value) },
            floor,
          );
        const found = read(list);
        expect(read(list.toReversed())).toEqual(found);
        if (found === null) return;
        expect(found.onset.earliestAt).toBeLessThanOrEqual(found.onset.latestAt);
        expect(Number.isFinite(found.shift.score)).toBe(true);
      }),
    );
  });
});

describe('outcomeOnset', () => {
  const outcomes = (hits: string): { at: number; isHit: boolean }[] =>
    hits.split('').map((letter, index) => ({ at: index * 100, isHit: letter === 'x' }));

  test('lies between the last good and the first bad outcome when the break is clean', () => {
    // One outcome further the log-likelihood falls by 11 ln 11 - 10 ln 10 = 3.35, more than the 3 that is believed.
    expect(outcomeOnset(outcomes('..........xxxxxxxxxx'))).toEqual({
      earliestAt: 900,
      latestAt: 1_000,
    });
  });

  test('is wider when few outcomes tell', () => {
    const onset = outcomeOnset(outcomes('....x.......x..x.xx.x..x.x'));
    expect(onset?.earliestAt).toBeLessThanOrEqual(1_100);
    expect(onset?.latestAt).toBeGreaterThanOrEqual(1_200);
    expect((onset?.latestAt ?? 0) - (onset?.earliestAt ?? 0)).toBeGreaterThan(300);
  });

  test('looks for a fall when asked to, and for nothing else', () => {
    const fall = outcomes('xxxxxxxxxx..........');
    expect(outcomeOnset(fall)).toBeNull();
    expect(outcomeOnset(fall, 'down')).toEqual({ earliestAt: 900, latestAt: 1_000 });
    expect(outcomeOnset([])).toBeNull();
    expect(outcomeOnset(outcomes('xxxx'))).toBeNull();
  });

  test('never throws and keeps its ends in order, in whatever order outcomes come', () => {
    // Plus 0: an instant is never -0, which would be told from 0 below.
    const outcome = fc.record({ at: fc.double().map((at) => at + 0), isHit: fc.boolean() });
    fc.assert(
      fc.property(fc.array(outcome, { maxLength: 80 }), (list) => {
        const onset = outcomeOnset(list);
        expect(outcomeOnset(list.toReversed())).toEqual(onset);
        if (onset !== null) expect(onset.earliestAt).toBeLessThanOrEqual(onset.latestAt);
      }),
    );
  });
});
