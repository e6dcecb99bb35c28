import { isTrouble } from '../shared/facts.ts';
import { groupFacts } from '../shared/group-facts.ts';
import type { Seen } from '../shared/specialist.ts';
import type { Suspicion } from '../shared/suspicion.ts';
import { describeFact } from '../shared/wording.ts';

/** Takes what the platform itself says is wrong for what it is: one suspicion an entity and kind of fault. */
export function suspectConditions(seen: Seen): Suspicion[] {
  const stated = seen.all.filter((fact) => fact.aspect === 'condition' && isTrouble(fact));
  return groupFacts(stated, ({ faultKind }) => faultKind ?? 'unknown').map(
    ({ entity, kind, facts, strongest }) => ({
      entity,
      faultKind: kind,
      mechanism: `${describeFact(strongest)}.`,
      state: 'open',
      score: strongest.score,
      onset: strongest.onset,
      speaksFor: facts,
    }),
  );
}
