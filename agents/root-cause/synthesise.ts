import type { OrientInput } from '../../core/ports/policy.ts';
import type { Entity } from '../../core/schemas/primitives.ts';
import type { SynthesisResult } from '../../core/schemas/synthesis.ts';
import { chainAlong } from '../shared/chain.ts';
import { clip } from '../shared/clip.ts';
import { entityKey } from '../shared/entity-key.ts';
import { formatInstant } from '../shared/timing.ts';
import { idsOf } from '../shared/wording.ts';
import type { Charge } from './bring-charge.ts';
import { judge } from './judge.ts';
import type { Judgement } from './judge.ts';
import { drawTimeline } from './draw-timeline.ts';
import { makeClaims } from './make-claims.ts';
import { ruleOut } from './rule-out.ts';

const maxRanking = 30;

/** Fuses everything the squad saw into what the report says about the cause. Pure, and the same for observations in any order. */
export function synthesise(input: OrientInput): SynthesisResult {
  return composeSynthesis(judge(input.brief, input.observations), input);
}

/** Writes a judgement down. */
export function composeSynthesis(judgement: Judgement, input: OrientInput): SynthesisResult {
  const { picture, charges, verdict, confidence, walk } = judgement;
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
    claims: makeClaims(judgement, culprit, path),
    timeline: drawTimeline(judgement, culprit, path),
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
