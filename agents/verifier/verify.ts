import type { ObservedCall } from '../../core/ports/policy.ts';
import type { Brief } from '../../core/schemas/brief.ts';
import type { Evidence } from '../../core/schemas/evidence.ts';
import type {
  ChainStep,
  SynthesisCause,
  SynthesisClaim,
  SynthesisResult,
  VerificationResult,
} from '../../core/schemas/synthesis.ts';
import { leastConfidence } from '../root-cause/judge.ts';
import { testStep } from '../shared/chain.ts';
import { clip } from '../shared/clip.ts';
import { nameEntity } from '../shared/entity-key.ts';
import { collectFacts } from '../shared/facts.ts';
import { createPicture } from '../shared/picture.ts';
import { checkClaim } from './check-claim.ts';
import { indexEvidence } from './evidence-index.ts';
import type { EvidenceIndex } from './evidence-index.ts';

/** What the verifier is given: what root cause says, what the squad saw, and the bodies of all evidence that is cited. */
export interface VerifyInput {
  readonly brief: Brief;
  readonly synthesis: SynthesisResult;
  readonly observations: readonly ObservedCall[];
  readonly evidence: readonly Evidence[];
}

type Dropped = VerificationResult['dropped'][number];

const failedTestFactor = 0.85;
const doubtfulConfidence = 0.3;
const lowest = 0.05;

/** Lists every evidence id that a synthesis cites, each once: what the verifier must be given the bodies of. */
export function citedIds(synthesis: SynthesisResult): string[] {
  const { causes, chain, ruledOut, claims, timeline } = synthesis;
  const cited = [...causes, ...chain, ...ruledOut, ...claims, ...timeline];
  return [...new Set(cited.flatMap(({ evidenceIds }) => evidenceIds))].sort();
}

/**
 * Checks a synthesis by code alone: drops every claim whose evidence does not exist or does not hold the numbers and words that it quotes, runs the three
 * tests of each step of the chain again from what was observed, and takes back a cause that no claim is left for, or that failed tests make less sure than any may be. Nothing is added.
 */
export function verify(input: VerifyInput): VerificationResult {
  const { synthesis } = input;
  const indexes = new Map(input.evidence.map((one) => [one.id, indexEvidence(one)]));
  const dropped: Dropped[] = [];
  const claims = checkClaims(synthesis.claims, indexes, dropped);
  const chain = checkChain(input, indexes);
  const failedTests = chain.filter(({ tests }) => !tests.edge || !tests.deviates || !tests.order);
  const doubt = (confidence: number): number =>
    Math.max(lowest, confidence * failedTestFactor ** failedTests.length);
  const causes = synthesis.causes
    .map((cause) => checkCause(cause, indexes, dropped))
    .filter(({ evidenceIds }) => isCarried(evidenceIds, claims));
  const confidence = doubt(synthesis.confidence);
  const isStated = synthesis.verdict === 'cause-found';
  const isDemoted = isStated && (causes.length === 0 || confidence < leastConfidence);
  const known = knownOf(indexes);
  return {
    synthesis: {
      ...synthesis,
      verdict: isDemoted ? 'inconclusive' : synthesis.verdict,
      summary: isDemoted ? doubtfulSummary(synthesis) : summaryOf(synthesis, causes),
      confidence: isDemoted ? Math.min(confidence, doubtfulConfidence) : confidence,
      causes: isDemoted
        ? []
        : causes.map((cause) => ({ ...cause, confidence: doubt(cause.confidence) })),
      affected: isDemoted ? [] : synthesis.affected,
      chain: isDemoted ? [] : chain,
      claims,
      ruledOut: synthesis.ruledOut.map(known),
      timeline: synthesis.timeline.map(known),
    },
    dropped: dropped.slice(0, 40),
    droppedCount: dropped.length,
    checkedCount: claims.length,
    demoted: isDemoted,
  };
}

function checkClaims(
  claims: readonly SynthesisClaim[],
  indexes: ReadonlyMap<string, EvidenceIndex>,
  dropped: Dropped[],
): SynthesisClaim[] {
  return claims.flatMap((claim) => {
    const because = checkClaim(claim, indexes);
    if (because === null) return [{ ...claim, checked: true }];
    dropped.push({ text: claim.text, because: clip(because, 300) });
    return [];
  });
}

function checkChain(input: VerifyInput, indexes: ReadonlyMap<string, EvidenceIndex>): ChainStep[] {
  const picture = createPicture(input.brief, collectFacts(input.observations));
  const known = knownOf(indexes);
  return input.synthesis.chain.map(({ from, to }) => known(testStep(picture, from, to)));
}

/** A mechanism whose numbers do not stand in the evidence is replaced by what is left without them. */
function checkCause(
  cause: SynthesisCause,
  indexes: ReadonlyMap<string, EvidenceIndex>,
  dropped: Dropped[],
): SynthesisCause {
  const kept = knownOf(indexes)(cause);
  const because = checkClaim({ text: cause.mechanism, evidenceIds: kept.evidenceIds }, indexes);
  if (because === null || kept.evidenceIds.length === 0) return kept;
  dropped.push({ text: clip(cause.mechanism, 400), because: clip(because, 300) });
  return { ...kept, mechanism: `The fault is ${cause.faultKind} of ${nameEntity(cause.entity)}.` };
}

function knownOf(
  indexes: ReadonlyMap<string, EvidenceIndex>,
): <Cited extends { evidenceIds: string[] }>(cited: Cited) => Cited {
  return (cited) => ({
    ...cited,
    evidenceIds: cited.evidenceIds.filter((id) => indexes.has(id)),
  });
}

/** A cause is carried while at least one checked claim shares evidence with it. */
function isCarried(evidenceIds: readonly string[], claims: readonly SynthesisClaim[]): boolean {
  const ids = new Set(evidenceIds);
  return claims.some((claim) => claim.evidenceIds.some((id) => ids.has(id)));
}

function summaryOf(synthesis: SynthesisResult, causes: readonly SynthesisCause[]): string {
  const [before] = synthesis.causes;
  const [after] = causes;
  const isSame = before === undefined || before.mechanism === after?.mechanism;
  return isSame || after === undefined ? synthesis.summary : after.mechanism;
}

function doubtfulSummary({ causes }: SynthesisResult): string {
  const [cause] = causes;
  const what =
    cause === undefined ? 'A cause' : `${cause.faultKind} of ${nameEntity(cause.entity)}`;
  return clip(`${what} was proposed, but the evidence does not carry it.`, 900);
}
