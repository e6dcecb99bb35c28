import type { Brief } from '../../core/schemas/brief.ts';
import type { Plan } from '../../core/schemas/plan.ts';
import { clip } from '../shared/clip.ts';
import { planInvestigation, signalOf } from './plan.ts';

/**
 * Plans the second look of an investigation whose telemetry goes on arriving: of the questions that one would ask now, those whose answer may have changed.
 * That are all when it is thought to have begun at another time than before, and otherwise those that read a kind of telemetry of which there is more.
 */
export function planSecondLook(before: Brief, now: Brief): Plan {
  const { assignments, gaps } = planInvestigation(now);
  const isOtherwise = keyOf(before) !== keyOf(now);
  return {
    gaps,
    assignments: assignments
      .filter(({ role }) => isOtherwise || hasMore(signalOf(role), before, now))
      .map((one) => ({
        ...one,
        question: clip(`Again, with what has arrived since: ${one.question}`, 300),
      })),
  };
}

function keyOf({ suspected, symptomatic, entity }: Brief): string {
  return JSON.stringify([suspected.earliestAt, suspected.latestAt, symptomatic, entity]);
}

function hasMore(kind: string | null, before: Brief, now: Brief): boolean {
  const rowsOf = (brief: Brief): number =>
    brief.coverage.find((one) => one.kind === kind)?.rows ?? 0;
  return rowsOf(before) !== rowsOf(now);
}
