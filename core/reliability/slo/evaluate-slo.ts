import type { Slo } from '../../schemas/slo.ts';
import { budgetRemainingRatio, burnRate } from './burn-rate.ts';
import type { EventTotals } from './burn-rate.ts';
import { burnFactor, burnWindows } from './burn-windows.ts';
import type { BurnWindows } from './burn-windows.ts';
import { sumWindow } from './event-buckets.ts';
import type { EventBucket } from './event-buckets.ts';

/** A window that is covered less than this was not watched closely enough to say anything about. */
const leastCoverageRatio = 0.9;
/** Fewer events than this in a window say nothing about a ratio. */
const leastEvents = 10;
/** Fewer bad events than this in the long window are too few to wake anyone. */
const leastBadEvents = 10;

const dayMs = 86_400_000;

/** `unknown` means not enough data: neither healthy nor burning. */
export type BurnState = 'burning' | 'quiet' | 'unknown';

/** One window of a pair; `burnRate` is null when it held no events. */
export interface BurnWindowResult extends EventTotals {
  readonly startAt: number;
  readonly endAt: number;
  readonly coverageRatio: number;
  readonly burnRate: number | null;
}

export interface BurnPairResult {
  readonly name: string;
  readonly state: BurnState;
  /** Both windows have to burn faster than this. */
  readonly factor: number;
  readonly long: BurnWindowResult;
  readonly short: BurnWindowResult;
}

export interface SloEvaluation {
  readonly state: BurnState;
  readonly pairs: readonly BurnPairResult[];
  /** What is left of the budget by the events seen in the compliance window; negative when overspent, null when nothing was measured. */
  readonly budgetRemainingRatio: number | null;
}

/**
 * Evaluates an SLO at `nowAt` by two pairs of windows that end there. A pair burns when both its windows burn faster than its factor. It is
 * unknown when a window is not covered, holds too few events, or burns on too few bad ones. The SLO burns when a pair does, and is quiet only
 * when every pair is known to be. Source: multiwindow, multi-burn-rate alerts, The Site Reliability Workbook, chapter 5.
 */
export function evaluateSlo(
  slo: Slo,
  buckets: readonly EventBucket[],
  nowAt: number,
): SloEvaluation {
  const pairs = burnWindows.map((windows) => evaluatePair(slo, windows, buckets, nowAt));
  const states = new Set(pairs.map(({ state }) => state));
  const whole = measure(slo, buckets, nowAt, slo.windowDays * dayMs);
  return {
    state: states.has('burning') ? 'burning' : states.has('unknown') ? 'unknown' : 'quiet',
    pairs,
    budgetRemainingRatio:
      whole.coverageRatio > 0 ? budgetRemainingRatio(whole, slo.objective) : null,
  };
}

function evaluatePair(
  slo: Slo,
  windows: BurnWindows,
  buckets: readonly EventBucket[],
  nowAt: number,
): BurnPairResult {
  const factor = burnFactor(windows, slo.windowDays);
  const long = measure(slo, buckets, nowAt, windows.longMs);
  const short = measure(slo, buckets, nowAt, windows.shortMs);
  return { name: windows.name, state: judge(long, short, factor), factor, long, short };
}

function judge(long: BurnWindowResult, short: BurnWindowResult, factor: number): BurnState {
  for (const window of [long, short]) {
    if (window.coverageRatio < leastCoverageRatio || window.total < leastEvents) return 'unknown';
  }
  if ((long.burnRate ?? 0) <= factor || (short.burnRate ?? 0) <= factor) return 'quiet';
  return long.bad < leastBadEvents ? 'unknown' : 'burning';
}

function measure(
  slo: Slo,
  buckets: readonly EventBucket[],
  nowAt: number,
  lengthMs: number,
): BurnWindowResult {
  const window = { startAt: nowAt - lengthMs, endAt: nowAt };
  const { counted, total, coverageRatio } = sumWindow(buckets, window);
  const countsBad = slo.sli.kind === 'ratio' && slo.sli.counts === 'bad';
  const bad = Math.min(total, Math.max(0, countsBad ? counted : total - counted));
  return {
    ...window,
    bad,
    total,
    coverageRatio,
    burnRate: burnRate({ bad, total }, slo.objective),
  };
}
