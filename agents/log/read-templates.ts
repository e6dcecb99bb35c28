import type { FaultKind } from '../../core/schemas/fault-kind.ts';
import { nameEntity } from '../shared/entity-key.ts';
import { isTrouble } from '../shared/facts.ts';
import type { Fact } from '../shared/facts.ts';
import { groupFacts } from '../shared/group-facts.ts';
import type { Seen } from '../shared/specialist.ts';
import type { Suspicion } from '../shared/suspicion.ts';
import { faultOfMessage } from '../shared/message-hints.ts';
import { describeFact } from '../shared/wording.ts';

const deepTool = 'read-log-lines';

/** Reads what logs say: one suspicion a service and kind of message, as strong as its furthest template. */
export function suspectTemplates(seen: Seen): Suspicion[] {
  const groups = groupFacts(
    seen.all.filter((fact) => fact.voice === 'logs' && isTrouble(fact)),
    faultOfFact,
  );
  return groups.map(({ entity, kind, facts, strongest }) => {
    const isInspected = entity.kind === 'service' && seen.hasInspected(deepTool, entity.name);
    const lines = seen.all.filter(
      (fact) => fact.tool === deepTool && fact.entity.name === entity.name,
    );
    const isContradicted = isInspected && lines.length > 0 && !lines.some(hasLines);
    return {
      entity,
      faultKind: kind,
      mechanism: `${describeFact(strongest)}.`,
      state: isContradicted ? 'refuted' : isInspected ? 'supported' : 'open',
      score: strongest.score,
      onset: strongest.onset,
      speaksFor: facts,
      speaksAgainst: isContradicted ? lines : [],
      because: isContradicted
        ? `The lines of ${nameEntity(entity)} show no such message in the suspected time.`
        : '',
    };
  });
}

function hasLines(fact: Fact): boolean {
  return fact.support > 0 || fact.after > 0;
}

function faultOfFact(fact: Fact): FaultKind {
  return fact.aspect === 'log-vanished' ? 'unknown' : faultOfMessage(fact.name);
}
