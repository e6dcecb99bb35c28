import type { OrientInput } from '../../core/ports/policy.ts';
import type { Entity } from '../../core/schemas/primitives.ts';
import type { SynthesisClaim, SynthesisResult } from '../../core/schemas/synthesis.ts';
import { nameChange } from '../shared/change-words.ts';
import { chainAlong } from '../shared/chain.ts';
import { clip } from '../shared/clip.ts';
import { entityKey, nameEntity } from '../shared/entity-key.ts';
import { isTrouble } from '../shared/facts.ts';
import { troublesOf } from '../shared/picture.ts';
import type { Fact } from '../shared/facts.ts';
import { formatInstant } from '../shared/timing.ts';
import { claimFacts, describeFact, idsOf } from '../shared/wording.ts';
import type { Charge } from './bring-charge.ts';
import { judge } from './judge.ts';
import type { Judgement } from './judge.ts';
import { ruleOut } from './rule-out.ts';

const maxRanking = 30;
const maxClaims = 24;
const maxTimeline = 24;

/** Fuses everything the squad saw into what the report says about the cause. Pure, and the same for observations in any order. */
export function synthesise(input: OrientInput): SynthesisResult {
  return composeSynthesis(judge(input.brief, input.observations), input);
}

/** Writes a judgement down. */
export function composeSynthesis(judgement: Judgement, input: OrientInput): SynthesisResult {
  const { picture, charges, verdict, confidence, because, walk } = judgement;
  const [leading] = charges;
  const culprit = verdict === 'cause-found' ? (leading ?? null) : null;
  const path = leading === undefined ? [] : (walk.pathTo.get(entityKey(leading.entity)) ?? []);
  const total = charges.reduce((sum, { suspect }) => sum + suspect.score, 0);
  return {
    verdict,
    summary: clip(summarise(judgement, culprit), 900),
    confidence,
    onset: picture.brief.symptomatic ? picture.brief.suspected : null,
    causes: culprit === null ? [] : [causeOf(culprit, confidence)],
    ranking: charges.slice(0, maxRanking).map(({ entity, suspect, faultKind }) => ({
      entity,
      score: total > 0 ? Number((suspect.score / total).toFixed(4)) : 0,
      faultKind,
    })),
    affected: culprit === null ? [] : affectedBy(judgement, culprit, path),
    chain: culprit === null ? [] : chainAlong(picture, path).slice(0, 12),
    ruledOut: ruleOut(judgement, input.findings),
    claims: claimsOf(judgement, culprit, path, because),
    timeline: timelineOf(judgement, culprit),
  };
}

function causeOf(charge: Charge, confidence: number): SynthesisResult['causes'][number] {
  const { entity, faultKind, faultDetail, mechanism, fit, since } = charge;
  const cited = [...charge.facts.slice(0, 4), ...(fit === null ? [] : [fit.change])];
  return {
    entity,
    faultKind,
    faultDetail: clip(faultDetail, 300),
    mechanism: clip(mechanism, 600),
    changeId: fit?.change.id ?? null,
    since: since ?? null,
    confidence,
    evidenceIds: idsOf(cited),
  };
}

function summarise({ verdict, because, charges }: Judgement, culprit: Charge | null): string {
  if (culprit !== null) {
    const since =
      culprit.since === undefined
        ? ''
        : ` Since ${formatInstant(culprit.since.latestAt)} at the latest.`;
    const untested =
      culprit.fit?.kind === 'untested'
        ? ' Whether the change had an effect could not be tested.'
        : '';
    return `${culprit.mechanism}${since}${untested}`;
  }
  const [leading] = charges;
  if (verdict === 'no-cause-found' || leading === undefined) return because;
  return `${because} The best explanation, not accepted: ${leading.mechanism}`;
}

function affectedBy(
  { picture, charges, walk }: Judgement,
  culprit: Charge,
  path: readonly Entity[],
): SynthesisResult['affected'] {
  const [start] = path;
  const roles = new Map<string, SynthesisResult['affected'][number]>();
  const put = (entity: Entity, role: 'cause' | 'propagated' | 'symptom'): void => {
    const key = entityKey(entity);
    if (!roles.has(key)) roles.set(key, { entity, role });
  };
  put(culprit.entity, 'cause');
  if (start !== undefined) put(start, 'symptom');
  for (const entity of path) put(entity, 'propagated');
  for (const { entity } of charges) {
    if (picture.trouble(entity, 'error-ratio', 'duration') === undefined) continue;
    put(entity, walk.pathTo.has(entityKey(entity)) ? 'propagated' : 'symptom');
  }
  return [...roles.values()].slice(0, 30);
}

function claimsOf(
  { picture, charges }: Judgement,
  culprit: Charge | null,
  path: readonly Entity[],
  because: string,
): SynthesisClaim[] {
  const about =
    culprit === null
      ? charges.slice(0, 3).flatMap(({ facts }) => facts.slice(0, 2))
      : culprit.facts.slice(0, 6);
  const suffering = path.flatMap((entity): Fact[] => {
    const fact = picture.trouble(entity, 'error-ratio', 'duration');
    return fact === undefined ? [] : [fact];
  });
  const effect = culprit?.fit?.effect ?? null;
  const claims = [
    ...claimFacts([...about, ...suffering], 16),
    ...changeClaims(culprit),
    ...(effect === null
      ? []
      : claimFacts([effect], 1).map((one) => ({
          ...one,
          text: clip(`Right after the change: ${one.text}`, 400),
        }))),
    ...decoyClaims(picture, culprit),
  ];
  if (claims.length === 0 && because !== '') return [];
  return claims.slice(0, maxClaims).map((claim) => ({ ...claim, checked: false }));
}

function changeClaims(culprit: Charge | null): { text: string; evidenceIds: string[] }[] {
  const change = culprit?.fit?.change;
  if (change === undefined || change.evidenceIds.length === 0) return [];
  return [
    {
      text: clip(`${nameChange(change)} was made at ${formatInstant(change.at)}`, 400),
      evidenceIds: idsOf([change]),
    },
  ];
}

/** Changes near the onset that were compared and did nothing: worth saying, because they are what people look at first. */
function decoyClaims(
  picture: Judgement['picture'],
  culprit: Charge | null,
): { text: string; evidenceIds: string[] }[] {
  return picture.facts.changes
    .filter(
      ({ id, effects }) =>
        id !== culprit?.fit?.change.id && effects !== null && !effects.some(isTrouble),
    )
    .slice(0, 3)
    .filter(({ evidenceIds }) => evidenceIds.length > 0)
    .map((change) => ({
      text: clip(
        `Right after ${nameChange(change)}, ${change.service ?? 'its service'} was as right before it`,
        400,
      ),
      evidenceIds: idsOf([change]),
    }));
}

function timelineOf(
  { picture, charges }: Judgement,
  culprit: Charge | null,
): SynthesisResult['timeline'] {
  const { brief, facts } = picture;
  const entries: SynthesisResult['timeline'] = facts.changes
    .filter(({ at }) => at >= brief.window.startAt && at < brief.window.endAt)
    .slice(-8)
    .map((change) => ({
      at: change.at,
      text: clip(`${nameChange(change)} is made.`, 300),
      evidenceIds: idsOf([change]),
    }));
  const shown =
    culprit === null
      ? charges.slice(0, 4)
      : [culprit, ...charges.filter((one) => one !== culprit).slice(0, 5)];
  for (const { entity } of shown) {
    const fact = datedFact(picture, entity);
    if (fact?.onset === undefined) continue;
    entries.push({
      at: fact.onset.latestAt,
      text: clip(`${nameEntity(entity)} deviates: ${describeFact(fact)}.`, 300),
      evidenceIds: idsOf([fact]),
    });
  }
  const noticedAt =
    brief.alert.startedAt === undefined ? Number.NaN : Date.parse(brief.alert.startedAt);
  if (Number.isFinite(noticedAt)) {
    entries.push({
      at: noticedAt,
      text: clip(`Noticed: ${brief.alert.title}`, 300),
      evidenceIds: [],
    });
  }
  return entries
    .sort((one, other) => one.at - other.at || (one.text < other.text ? -1 : 1))
    .slice(0, maxTimeline);
}

function datedFact(picture: Judgement['picture'], entity: Entity): Fact | undefined {
  return troublesOf(picture, entity).find(({ onset }) => onset !== undefined);
}
