import type { Finding } from '../../core/schemas/finding.ts';
import type { Entity } from '../../core/schemas/primitives.ts';
import type { SynthesisResult } from '../../core/schemas/synthesis.ts';
import { nameChange } from '../shared/change-words.ts';
import { clip } from '../shared/clip.ts';
import { entityKey, nameEntity } from '../shared/entity-key.ts';
import { isTrouble } from '../shared/facts.ts';
import type { CitedChange } from '../shared/facts.ts';
import { troublesOf } from '../shared/picture.ts';
import { maxLagMs, timeChange } from '../shared/timing.ts';
import { capitalised, describeFact, idsOf } from '../shared/wording.ts';
import { fitChange, isChangeOf } from './fit-changes.ts';
import type { Charge } from './bring-charge.ts';
import type { Judgement } from './judge.ts';

type RuledOut = SynthesisResult['ruledOut'][number];

const maxRuledOut = 12;

/**
 * Says what was considered and is not the cause: every change around the onset but the one that is charged, entities whose trouble is explained by
 * what they call, and hypotheses that a specialist tested and refuted.
 */
export function ruleOut(judgement: Judgement, findings: readonly Finding[]): RuledOut[] {
  const culprit = judgement.verdict === 'cause-found' ? (judgement.charges[0] ?? null) : null;
  const entries = [
    ...ruledOutChanges(judgement, culprit),
    ...explainedAway(judgement, culprit),
    ...refuted(findings, culprit),
  ];
  const seen = new Set<string>();
  return entries
    .filter(({ hypothesis }) => !seen.has(hypothesis) && seen.add(hypothesis))
    .slice(0, maxRuledOut)
    .map(({ hypothesis, because, evidenceIds }) => ({
      hypothesis: clip(hypothesis, 400),
      because: clip(because, 400),
      evidenceIds,
    }));
}

function ruledOutChanges({ picture }: Judgement, culprit: Charge | null): RuledOut[] {
  const { suspected } = picture.brief;
  return picture.facts.changes
    .filter((change) => change.at >= suspected.earliestAt - maxLagMs)
    .filter((change) => change.id !== culprit?.fit?.change.id)
    .flatMap((change) => {
      const because = whyNot({ picture, change, culprit });
      return because === null
        ? []
        : [
            {
              hypothesis: `${capitalised(nameChange(change))} did it.`,
              because,
              evidenceIds: idsOf([change]),
            },
          ];
    });
}

/** Why a change is not the cause; null when that cannot be said. */
function whyNot(asked: {
  readonly picture: Judgement['picture'];
  readonly change: CitedChange;
  readonly culprit: Charge | null;
}): string | null {
  const { picture, change, culprit } = asked;
  if (timeChange(change.at, picture.brief.suspected).kind === 'after') {
    return 'It was made when it had already begun.';
  }
  if (change.match?.score === 0) return change.match.because;
  if (change.service === undefined) return null;
  const entity: Entity = { kind: 'service', name: change.service };
  const fit = fitChange(picture, change, entity);
  if (culprit !== null && isChangeOf(change, culprit.entity)) {
    return fit.kind === 'ruled-out' ? fit.because : null;
  }
  const wentOn = change.effects !== null && !change.effects.some(isTrouble);
  const compared = wentOn
    ? ` Compared right before and right after it, ${change.service} went on as before.`
    : '';
  if (troublesOf(picture, entity).length === 0) {
    return `${change.service} itself is as before.${compared}`;
  }
  if (culprit !== null) {
    return `What ${change.service} suffers comes from ${nameEntity(culprit.entity)}.${compared}`;
  }
  return fit.kind === 'ruled-out' ? fit.because : null;
}

/** Entities that suffer on the way from what hurts to the cause. */
function explainedAway({ picture, charges }: Judgement, culprit: Charge | null): RuledOut[] {
  if (culprit === null) return [];
  return charges
    .filter(({ entity, suspect }) => {
      return suspect.place !== 'end' && entityKey(entity) !== entityKey(culprit.entity);
    })
    .slice(0, 4)
    .map(({ entity, facts, suspect }) => {
      const [fact] = facts;
      const name = nameEntity(entity);
      const because =
        suspect.place === 'on-the-way'
          ? `What happens at ${nameEntity(culprit.entity)} explains what ${name} suffers.`
          : `It stands out, but nothing leads from what hurts to ${name}.`;
      return {
        hypothesis: `The trouble arises in ${name}.`,
        because: fact === undefined ? because : `${because} (${describeFact(fact)})`,
        evidenceIds: idsOf(facts.slice(0, 3)),
      };
    })
    .filter(({ evidenceIds }) => evidenceIds.length > 0 || picture.facts.all.length === 0);
}

function refuted(findings: readonly Finding[], culprit: Charge | null): RuledOut[] {
  return findings.flatMap(({ hypotheses }) =>
    hypotheses
      .filter(({ state, changeId }) => state === 'refuted' && changeId === null)
      .filter(({ entity, faultKind }) => {
        // Where the culprit is, a kind of fault can be ruled out, but not that it arises there.
        const isCulprit = culprit !== null && entityKey(entity) === entityKey(culprit.entity);
        return !isCulprit || (faultKind !== culprit.faultKind && faultKind !== 'unknown');
      })
      .map(({ entity, faultKind, because, evidenceAgainst, evidenceFor }) => ({
        hypothesis:
          faultKind === 'unknown'
            ? `The trouble arises in ${nameEntity(entity)}.`
            : `It is ${faultKind} of ${nameEntity(entity)}.`,
        because: because === '' ? 'A closer look does not show it.' : because,
        evidenceIds: [...new Set([...evidenceAgainst, ...evidenceFor])].slice(0, 8),
      })),
  );
}
