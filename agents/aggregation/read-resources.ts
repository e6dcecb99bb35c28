import { clearScore } from '../../core/analysis/shift.ts';
import type { Aspect } from '../../core/schemas/digest.ts';
import type { FaultKind } from '../../core/schemas/fault-kind.ts';
import { nameEntity } from '../shared/entity-key.ts';
import { isTrouble } from '../shared/facts.ts';
import type { Fact } from '../shared/facts.ts';
import { groupFacts } from '../shared/group-facts.ts';
import type { Seen } from '../shared/specialist.ts';
import type { Suspicion } from '../shared/suspicion.ts';
import { describeFact } from '../shared/wording.ts';

const deepTool = 'inspect-metrics';

/** What a resource that left its range is called, and the aspects that speak for it. */
const faults: readonly { readonly kind: FaultKind; readonly aspects: readonly Aspect[] }[] = [
  { kind: 'cpu-saturation', aspects: ['cpu', 'event-loop'] },
  { kind: 'memory-exhaustion', aspects: ['memory'] },
  { kind: 'disk-full', aspects: ['disk'] },
  { kind: 'connection-exhaustion', aspects: ['connections'] },
  { kind: 'restart', aspects: ['restarts'] },
];

/** What every other aspect amounts to: something is unusual, and metrics alone do not say why. */
function faultOf(fact: Fact): FaultKind {
  const named = faults.find(({ aspects }) => aspects.includes(fact.aspect))?.kind;
  if (named !== undefined) return named;
  return fact.aspect === 'traffic' && fact.direction === 'up' ? 'traffic-surge' : 'unknown';
}

/** Reads what metrics say: one suspicion an entity and kind of resource, as strong as its furthest metric. */
export function suspectResources(seen: Seen): Suspicion[] {
  const groups = groupFacts(
    seen.all.filter((fact) => fact.voice === 'metrics' && isTrouble(fact)),
    faultOf,
  );
  return groups.map(({ entity, kind, facts, strongest }) => {
    const isInspected = entity.kind === 'service' && seen.hasInspected(deepTool, entity.name);
    const deep = seen.all.filter(
      (fact) =>
        fact.tool === deepTool && fact.entity.name === entity.name && faultOf(fact) === kind,
    );
    const holds = facts.some(({ tool }) => tool === deepTool) || !isInspected;
    return {
      entity,
      faultKind: kind,
      mechanism: `${describeFact(strongest)}.`,
      state: !isInspected ? 'open' : holds ? 'supported' : 'refuted',
      score: strongest.score,
      onset: strongest.onset,
      speaksFor: facts,
      speaksAgainst: holds ? [] : deep,
      because: holds ? '' : contradiction(nameEntity(entity), deep),
    };
  });
}

function contradiction(name: string, deep: readonly Fact[]): string {
  const calmest = deep.find(({ score }) => score < clearScore);
  const seen = calmest === undefined ? '' : ` (${describeFact(calmest)})`;
  return `A closer look at ${name} does not show it${seen}.`;
}
