import type { Series } from '../../ports/telemetry.ts';
import { baselineOf } from '../baseline.ts';
import { clearScore } from '../shift.ts';
import { tailShift } from '../tail-shift.ts';
import { detectOnset } from '../onset/detect-onset.ts';
import { levelsOf } from './levels.ts';
import { meaningOf } from './metric-meaning.ts';
import type { SeriesShift } from './series-shift.ts';

const leastBefore = 4;
/** Levels right before a restart that are held against those before them. */
const lastSamples = 4;

/** When a process began anew, by its uptime: the reading fell back, and says itself how long ago that was. In epoch milliseconds, ascending. */
export function restartsOf(uptime: Series): readonly number[] {
  const { atMs, values, unit } = uptime;
  const perSecond = unit === 'ms' ? 1 : 1_000;
  return values.flatMap((value, index) => {
    const at = atMs[index];
    const isFall = value < (values[index - 1] ?? value);
    return isFall && at !== undefined ? [at - value * perSecond] : [];
  });
}

/**
 * Compares the memory that a process used right before it began anew with what it used until then, for the restart before which it had gone up furthest.
 * A restart gives back what had leaked, so that a comparison over the time of the trouble sees less used than before. Null when it did not clearly go up
 * before any restart.
 */
export function riseBeforeRestart(series: Series, restarts: readonly number[]): SeriesShift | null {
  const meaning = meaningOf(series);
  if (meaning.aspect !== 'memory' || meaning.reading !== 'level') return null;
  const { levels, unit } = levelsOf(series, meaning);
  const found = restarts.flatMap((restartAt, place) => {
    const from = restarts[place - 1] ?? Number.NEGATIVE_INFINITY;
    const life = levels.atMs.flatMap((at, index) => (at > from && at < restartAt ? [index] : []));
    const before = life.slice(0, -lastSamples).map((index) => levels.values[index] ?? Number.NaN);
    const last = life.slice(-lastSamples).map((index) => levels.values[index] ?? Number.NaN);
    const baseline = baselineOf(before);
    if (baseline === null || before.length < leastBefore) return [];
    const shift = tailShift(baseline, last, meaning.floor ?? 0);
    if (shift === null || shift.direction === 'down' || shift.score < clearScore) return [];
    const atMs = life.map((index) => levels.atMs[index] ?? 0);
    const values = life.map((index) => levels.values[index] ?? Number.NaN);
    const onset = detectOnset({ atMs, values }, meaning.floor ?? 0)?.onset ?? null;
    return [{ series, meaning, unit, levels, baseline, shift, onset }];
  });
  return found.sort((one, other) => other.shift.score - one.shift.score)[0] ?? null;
}
