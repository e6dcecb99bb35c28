/** Events of one window; both may be fractions where a bucket lay across the window's edge. */
export interface EventTotals {
  readonly bad: number;
  readonly total: number;
}

/**
 * Gives how fast an error budget is spent: the ratio of bad events over the ratio that `objective` allows. 1 spends the budget exactly in the
 * compliance window; 0 without bad events. Null when there were no events: nothing was observed, which is not the same as nothing spent.
 * Source: Google, The Site Reliability Workbook, chapter 5.
 */
export function burnRate(events: EventTotals, objective: number): number | null {
  return events.total > 0 ? events.bad / events.total / (1 - objective) : null;
}

/**
 * Gives the share of the error budget that is left: 1 when nothing is spent, so also before the first event; 0 when it is used up; negative
 * when overspent. The budget is counted in events: `total · (1 − objective)` may be bad.
 */
export function budgetRemainingRatio(events: EventTotals, objective: number): number {
  return 1 - (burnRate(events, objective) ?? 0);
}
