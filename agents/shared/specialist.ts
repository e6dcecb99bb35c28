import { clearScore } from '../../core/analysis/shift.ts';
import type { Decided, DecideInput, OrientInput, Policy } from '../../core/ports/policy.ts';
import type { Brief } from '../../core/schemas/brief.ts';
import type { Claim, Decision, Finding, Hypothesis } from '../../core/schemas/finding.ts';
import type { Specialist } from '../../core/schemas/roles.ts';
import type { ToolCall } from '../../core/schemas/tool-call.ts';
import { correctedCalls, failedCalls, onlyNew } from './calls.ts';
import { clip } from './clip.ts';
import { gapOf, presenceOf } from './coverage.ts';
import { nameEntity } from './entity-key.ts';
import { collectFacts, isTrouble } from './facts.ts';
import type { Facts, Voice } from './facts.ts';
import { toHypotheses } from './suspicion.ts';
import type { Suspicion } from './suspicion.ts';
import { claimFacts } from './wording.ts';

/** What a specialist's judgement stands on. */
export interface Seen extends Facts {
  readonly brief: Brief;
  /** Tells whether a call with this tool about this service, or this change id, has been answered. */
  readonly hasInspected: (tool: string, subject: string) => boolean;
}

/** What makes one specialist different from another. */
export interface SpecialistSpec {
  readonly role: Specialist;
  readonly signal: Voice;
  readonly open: (brief: Brief) => readonly ToolCall[];
  readonly suspect: (seen: Seen) => readonly Suspicion[];
  /** Calls worth making about what stands out, most telling first; those made already are left out by the loop. */
  readonly deepen: (seen: Seen, standing: readonly Hypothesis[]) => readonly ToolCall[];
  /** What is worth claiming besides the strongest facts. */
  readonly claim?: (seen: Seen) => readonly Claim[];
}

const maxDeepCalls = 3;
const maxDeepRounds = 2;

/**
 * Makes a specialist's policy: a cheap and wide first round, a deep second one about what the first digest singled out, and a conclusion. It
 * concludes `normal` when nothing stands out and `no-conclusion` when there was nothing to look at. A loop that only answers a question makes
 * the calls it was given and concludes from them.
 */
export function createSpecialist(spec: SpecialistSpec): Policy {
  return {
    open: spec.open,
    orient: (input) => {
      const seen = see(input);
      const hypotheses = toHypotheses(spec.role, spec.suspect(seen));
      return { hypotheses, openQuestions: openQuestionsOf(hypotheses) };
    },
    decide: (input) => decide(spec, input),
  };
}

function see({ brief, observations }: OrientInput): Seen {
  const inspected = new Set<string>();
  for (const { observed, call } of observations) {
    if (!observed.ok) continue;
    const { input } = call;
    if (typeof input !== 'object' || input === null || Array.isArray(input)) continue;
    for (const subject of [input['service'], input['id']]) {
      if (typeof subject === 'string') inspected.add(`${call.tool} ${subject}`);
    }
  }
  return {
    ...collectFacts(observations),
    brief,
    hasInspected: (tool, subject) => inspected.has(`${tool} ${subject}`),
  };
}

function openQuestionsOf(hypotheses: readonly Hypothesis[]): string[] {
  return hypotheses
    .filter(({ state, score }) => state === 'open' && score >= clearScore)
    .slice(0, 3)
    .map(({ entity, faultKind }) => clip(`Is it ${faultKind} of ${nameEntity(entity)}?`, 200));
}

function decide(spec: SpecialistSpec, input: DecideInput): Decided {
  if (input.mustConclude !== null) {
    return conclude(spec, input, `The cap on ${input.mustConclude} has been reached.`);
  }
  const corrected = correctedCalls(input.brief, input.observations).slice(0, maxDeepCalls);
  if (corrected.length > 0) {
    return look('A call failed in a way that another attempt may mend.', corrected);
  }
  const standing = input.orientation.hypotheses.filter(
    ({ state, score }) => state !== 'refuted' && score >= clearScore,
  );
  if (standing.length === 0) return conclude(spec, input, nothingLeft(input));
  if (standing.some(({ state }) => state === 'supported')) {
    return conclude(spec, input, 'The leading hypothesis has been tested and stands.');
  }
  const isAnswering = !hasOpened(spec, input);
  const deepRounds = new Set(input.observations.map(({ round }) => round)).size - 1;
  const calls =
    isAnswering || deepRounds >= maxDeepRounds
      ? []
      : onlyNew(spec.deepen(see(input), standing), input.observations, maxDeepCalls);
  if (calls.length === 0) return conclude(spec, input, 'Nothing more would tell it apart.');
  const [leading] = standing;
  const name = leading === undefined ? '' : nameEntity(leading.entity);
  return look(`${name} stands out; before concluding, a closer look tests it.`, calls);
}

/** Whether this loop began with the specialist's own wide calls; one that did not answers somebody's question. */
function hasOpened(spec: SpecialistSpec, input: DecideInput): boolean {
  const opening = new Set(spec.open(input.brief).map(({ tool }) => tool));
  return input.observations.some(({ call }) => opening.has(call.tool));
}

function nothingLeft(input: DecideInput): string {
  return input.orientation.hypotheses.length > 0
    ? 'What stood out did not hold up, and nothing else stands out.'
    : 'Nothing stands out.';
}

function look(reasoning: string, calls: ToolCall[]): Decided {
  return { decision: { kind: 'look', reasoning: clip(reasoning, 500), calls }, finding: null };
}

function conclude(spec: SpecialistSpec, input: DecideInput, reasoning: string): Decided {
  const decision: Decision = { kind: 'conclude', reasoning: clip(reasoning, 500) };
  return { decision, finding: findingOf(spec, input) };
}

function findingOf(spec: SpecialistSpec, input: DecideInput): Finding {
  const { hypotheses } = input.orientation;
  const seen = see(input);
  const gaps = gapsOf(spec, input);
  const standing = hypotheses.filter(
    ({ state, score }) => state !== 'refuted' && score >= clearScore,
  );
  const conclusion =
    standing.length > 0 ? 'anomalous' : canTell(spec, input, seen) ? 'normal' : 'no-conclusion';
  const claims = [
    ...(spec.claim?.(seen) ?? []),
    ...claimFacts(seen.all.filter(isTrouble), 8),
  ].slice(0, 8);
  return {
    role: spec.role,
    conclusion,
    summary: clip(summaryOf(spec, conclusion, standing, gaps), 600),
    hypotheses,
    claims,
    gaps,
    confidence: confidenceOf(conclusion, standing),
    ended: input.mustConclude ?? 'answered',
  };
}

/** Nothing out of the ordinary is only worth saying when something was there to look at. */
function canTell(spec: SpecialistSpec, input: DecideInput, seen: Seen): boolean {
  if (!input.observations.some(({ observed }) => observed.ok)) return false;
  const presence = presenceOf(input.brief, spec.signal);
  if (presence === 'present') return true;
  return seen.all.length + seen.dependencies.length + seen.changes.length > 0;
}

function gapsOf(spec: SpecialistSpec, input: DecideInput): Finding['gaps'] {
  const reasons = failedCalls(input.observations).map(({ reason }) => reason);
  const missing = gapOf(input.brief, spec.signal);
  if (missing !== null) reasons.unshift(missing);
  return reasons.slice(0, 6).map((reason) => ({ signal: spec.signal, reason: clip(reason, 300) }));
}

function summaryOf(
  spec: SpecialistSpec,
  conclusion: Finding['conclusion'],
  standing: readonly Hypothesis[],
  gaps: Finding['gaps'],
): string {
  const [leading] = standing;
  if (conclusion === 'anomalous' && leading !== undefined) return leading.mechanism;
  if (conclusion === 'normal') return `The ${spec.signal} are as before.`;
  return gaps[0]?.reason ?? `The ${spec.signal} do not tell.`;
}

function confidenceOf(conclusion: Finding['conclusion'], standing: readonly Hypothesis[]): number {
  if (conclusion === 'no-conclusion') return 0.05;
  if (conclusion === 'normal') return 0.7;
  const [first, second] = standing;
  const strength = first?.score ?? 0;
  const lead = strength / (strength + (second?.score ?? 0) + clearScore);
  const tested = first?.state === 'supported' ? 1 : 0.8;
  return Math.min(0.95, Math.max(0.05, Number.isFinite(lead) ? lead * tested : 0.5));
}
