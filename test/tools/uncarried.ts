import { checkClaim } from '../../agents/verifier/check-claim.ts';
import { indexEvidence } from '../../agents/verifier/evidence-index.ts';
import { describeFact, quote } from '../../agents/shared/wording.ts';
import { nameEntity } from '../../agents/shared/entity-key.ts';
import type { ToolResult } from '../../core/ports/tool.ts';
import type { Observation } from '../../core/schemas/digest.ts';

/** What may be said of an observation: as policies word it, and as a prompt shows it to a model. */
function sentencesOf(one: Observation): readonly string[] {
  const { entity, peer, name, before, after, unit, score } = one;
  const levels = [before, after].map((value) => `${value}${unit === '1' ? '' : ` ${unit}`}`);
  const entities = [entity, ...(peer === undefined ? [] : [peer])];
  return [
    describeFact(one),
    `${quote(name, 120)}: ${levels.join(' to ')}, score ${score.toFixed(1)}`,
    ...entities.map((who) => `it is about ${quote(who.name, 200)}`),
  ];
}

/** Says which sentences about the observations of a result its own evidence does not carry, by the check that reports go through. */
export function uncarried(result: ToolResult): readonly string[] {
  if (!result.ok) return [];
  const indexes = new Map(result.evidence.map((draft) => [draft.key, indexEvidence(draft)]));
  return result.digest.observations.flatMap((one) =>
    sentencesOf(one).flatMap((text) => {
      const because = checkClaim({ text, evidenceIds: [...indexes.keys()] }, indexes);
      return because === null
        ? []
        : [`${nameEntity(one.entity)} ${one.aspect}: ${text}: ${because}`];
    }),
  );
}
