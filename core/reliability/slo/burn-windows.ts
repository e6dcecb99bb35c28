const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Two windows that end at the same instant: the long one says that it matters, the short one that it still goes on. */
export interface BurnWindows {
  readonly name: string;
  readonly longMs: number;
  readonly shortMs: number;
  /** The share of the whole budget that is gone when the long window is filled at the factor. */
  readonly budgetShare: number;
}

/** The two pairs that page. Source: Google, The Site Reliability Workbook, chapter 5, table 5-8. */
export const burnWindows: readonly BurnWindows[] = [
  { name: '1 h / 5 min', longMs: hourMs, shortMs: 5 * minuteMs, budgetShare: 0.02 },
  { name: '6 h / 30 min', longMs: 6 * hourMs, shortMs: 30 * minuteMs, budgetShare: 0.05 },
];

/** The length of the shortest window; a measurement coarser than this cannot be placed in it. */
export const shortestWindowMs = Math.min(...burnWindows.map(({ shortMs }) => shortMs));

/**
 * Gives the burn rate above which a pair fires: the one that spends `budgetShare` of the budget of `windowDays` within the long window. 14.4
 * and 6 for 30 days; 13.44 and 5.6 for 28. The windows themselves are the same for every compliance window.
 */
export function burnFactor(windows: BurnWindows, windowDays: number): number {
  return (windows.budgetShare * windowDays * dayMs) / windows.longMs;
}
