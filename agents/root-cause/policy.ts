import type { Decided, DecideInput, OrientInput, Policy } from '../../core/ports/policy.ts';
import type { Finding, Hypothesis } from '../../core/schemas/finding.ts';
import type { SynthesisResult } from '../../core/schemas/synthesis.ts';
import { maxQuestions } from '../roster.ts';
import { clip } from '../shared/clip.ts';
import { gapOf } from '../shared/coverage.ts';
import { nameEntity } from '../shared/entity-key.ts';
import { toHypotheses } from '../shared/suspicion.ts';
import type { Suspicion } from '../shared/suspicion.ts';
import type { Charge } from './bring-charge.ts';
import { chooseQuestion, nameLeading } from './choose-question.ts';
import { judgeSquad } from './judge-squad.ts';
import type { Judgement } from './judge.ts';
import { composeSynthesis } from './synthesise.ts';

/** A decision of root cause; with `conclude` it also carries what the report will say, to be kept as the step's result. */
export interface RootCauseDecided extends Decided {
  readonly synthesis: SynthesisResult | null;
}

/** The policy of root cause: it makes no calls of its own, judges what the squad saw, asks one question, and concludes. */
export interface RootCausePolicy extends Policy {
  decide(input: DecideInput): RootCauseDecided;
}

export const rootCausePolicy: RootCausePolicy = {
  open: () => [],
  orient: (input) => {
    const { judgement } = judgeSquad(input.brief, input.observations);
    const question = chooseQuestion(judgement, input.observations);
    return {
      hypotheses: hypothesesOf(judgement),
      openQuestions: question === null ? [] : [clip(question.question, 200)],
    };
  },
  decide: (input) => {
    const { judgement } = judgeSquad(input.brief, input.observations);
    const mayAsk =
      input.mustConclude === null && input.asked < maxQuestions && isWorthAsking(judgement);
    const question = mayAsk ? chooseQuestion(judgement, input.observations) : null;
    if (question !== null) return { decision: question, finding: null, synthesis: null };
    return {
      decision: { kind: 'conclude', reasoning: clip(judgement.because, 500) },
      finding: findingOf(judgement, input),
      synthesis: composeSynthesis(judgement, input),
    };
  },
};

/** A question is only sent when there is something to explain. */
function isWorthAsking({ picture, charges }: Judgement): boolean {
  return charges.length > 0 && picture.brief.symptomatic;
}

function hypothesesOf(judgement: Judgement): Hypothesis[] {
  const { charges } = judgement;
  return toHypotheses(
    'root-cause',
    charges.slice(0, 8).map((charge) => suspicionOf(judgement, charge)),
  );
}

function suspicionOf(judgement: Judgement, charge: Charge): Suspicion {
  const { entity, faultKind, mechanism, suspect, fit, since, facts } = charge;
  const [leading] = judgement.charges;
  const isLeading = leading === charge;
  const isExplained =
    !isLeading && suspect.place === 'on-the-way' && leading?.suspect.place === 'end';
  const isTested = isLeading && judgement.verdict === 'cause-found' && fit?.kind !== 'untested';
  return {
    entity,
    faultKind,
    mechanism,
    state: isExplained ? 'refuted' : isTested ? 'supported' : 'open',
    score: suspect.score,
    onset: since,
    changeId: fit?.change.id ?? null,
    speaksFor: [...facts.slice(0, 4), ...(fit === null ? [] : [fit.change])],
    speaksAgainst: isExplained && leading !== undefined ? leading.facts.slice(0, 3) : [],
    because:
      isExplained && leading !== undefined
        ? `What happens at ${nameEntity(leading.entity)} explains what ${nameEntity(entity)} suffers.`
        : (fit?.because ?? ''),
  };
}

function findingOf(
  judgement: Judgement,
  input: OrientInput & Pick<DecideInput, 'mustConclude'>,
): Finding {
  const { verdict, confidence, because, charges, picture } = judgement;
  const synthesis = composeSynthesis(judgement, input);
  const gaps = [
    ...['metrics', 'traces', 'logs', 'changes'].flatMap((signal) => {
      const reason = gapOf(picture.brief, signal);
      return reason === null ? [] : [{ signal, reason: clip(reason, 300) }];
    }),
    ...input.findings.flatMap((finding) => finding.gaps),
  ];
  return {
    role: 'root-cause',
    conclusion:
      verdict === 'cause-found'
        ? 'anomalous'
        : charges.length === 0 && verdict === 'no-cause-found'
          ? 'normal'
          : 'no-conclusion',
    summary: clip(
      verdict === 'inconclusive' && charges.length > 0
        ? `${because} Leading: ${nameLeading(judgement)}.`
        : because,
      600,
    ),
    hypotheses: hypothesesOf(judgement),
    claims: synthesis.claims.slice(0, 8).map(({ text, evidenceIds }) => ({ text, evidenceIds })),
    gaps: distinctGaps(gaps).slice(0, 6),
    confidence,
    ended: input.mustConclude ?? 'answered',
  };
}

function distinctGaps(gaps: Finding['gaps']): Finding['gaps'] {
  const byText = new Map(gaps.map((gap) => [`${gap.signal} ${gap.reason}`, gap]));
  return [...byText.values()];
}
