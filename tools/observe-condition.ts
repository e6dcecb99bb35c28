import { joinConditions, scoreOfCondition } from '../core/analysis/platform/condition.ts';
import type { Condition } from '../core/analysis/platform/condition.ts';
import { entityOf } from '../core/observation.ts';
import type { ToolContext } from '../core/ports/tool.ts';
import type { Observation } from '../core/schemas/digest.ts';
import { cutText } from './draft-evidence.ts';

const maxDetailLength = 100;

/** What a platform says is wrong, an entity and kind of fault at a time, furthest out first. */
export function observeConditions(
  conditions: readonly Condition[],
  { window, suspected }: Pick<ToolContext, 'window' | 'suspected'>,
): readonly Observation[] {
  return joinConditions(conditions)
    .map((condition): Observation => {
      const { firstAt } = condition;
      const isDated = firstAt !== null && firstAt >= window.startAt && firstAt < window.endAt;
      const at = Math.round(firstAt ?? 0);
      return {
        entity: entityOf(condition.entity),
        aspect: 'condition',
        name: cutText(condition.detail, maxDetailLength),
        direction: 'up',
        before: 0,
        after: condition.count,
        unit: '{time}',
        score: Number(scoreOfCondition(condition, suspected.earliestAt).toFixed(2)),
        support: condition.count,
        faultKind: condition.faultKind,
        ...(isDated && { onset: { earliestAt: at, latestAt: at } }),
      };
    })
    .sort(
      (one, other) =>
        other.score - one.score || (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1),
    );
}
