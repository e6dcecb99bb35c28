import { lateMs } from '../live-investigation.ts';
import type { Brief } from '../schemas/brief.ts';
import type { Diagnosis } from '../schemas/diagnosis.ts';
import type { Finding } from '../schemas/finding.ts';
import type { Plan } from '../schemas/plan.ts';
import type { Report, ReportAction, ReportReasoner } from '../schemas/report.ts';
import type { Role } from '../schemas/roles.ts';
import type { SynthesisCause, SynthesisResult, VerificationResult } from '../schemas/synthesis.ts';
import { toIso, toIsoOnset } from './iso.ts';
import { remediesFor } from './remedies.ts';
import { reasonerGaps } from './reasoner-gaps.ts';
import { toIteration } from './to-iteration.ts';
import type { RoundRecord } from './to-iteration.ts';

/** Everything that an investigation left behind. Whatever was not reached is null or empty; a report is made all the same. */
export interface ReportParts {
  readonly investigationId: string;
  readonly caseName: string | null;
  /** Telemetry went on arriving: the report says up to when was looked. */
  readonly isLive?: boolean;
  /** What had not arrived by then was to be looked at as well, and could not be. */
  readonly hasSecondLookFailed?: boolean;
  /** When the report is written: what had arrived by then, and yet was not looked at, follows from it. */
  readonly writtenAt: number;
  readonly status: Report['status'];
  readonly ended: Report['ended'];
  readonly brief: Brief | null;
  readonly plan: Plan | null;
  readonly findings: readonly Finding[];
  /** Specialists that ended without a finding, with how they ended. */
  readonly unfinished: readonly { readonly role: Role; readonly ended: string }[];
  /** What root cause said; used only while the verifier has not spoken. */
  readonly synthesis: SynthesisResult | null;
  readonly verification: VerificationResult | null;
  readonly rounds: readonly RoundRecord[];
  readonly actions: readonly ReportAction[];
  /** The embedded policies that decided. */
  readonly policyVersion: string;
  readonly reasoner: ReportReasoner;
  /** Why it could not be completed, where a model is required and failed; a whole sentence. */
  readonly modelFailure?: string | null;
  /** What a model made of it all; null without one. */
  readonly diagnosis: Diagnosis | null;
  readonly cost: Report['cost'];
}

const signalOfRole: Readonly<Record<Role, string>> = {
  aggregation: 'metrics',
  trace: 'traces',
  log: 'logs',
  change: 'changes',
  'root-cause': 'root-cause',
  verifier: 'verification',
  orchestrator: 'scope',
};

/**
 * Writes the report of an investigation, whatever became of it: complete, cancelled, failed or cut short. Nothing unverified is presented as the cause:
 * without the verifier's word the verdict is `inconclusive`, and what root cause thought stays in the ranking.
 */
export function composeReport(parts: ReportParts): Report {
  const synthesis = parts.verification?.synthesis ?? unverified(parts.synthesis);
  const causes = (synthesis?.causes ?? []).map(toCause);
  return {
    version: 1,
    investigationId: parts.investigationId,
    case: parts.caseName,
    status: parts.status,
    verdict: synthesis?.verdict ?? 'inconclusive',
    summary: summaryOf(parts, synthesis),
    onset: onsetOf(parts.brief),
    causes,
    ranking: synthesis?.ranking ?? [],
    affected: synthesis?.affected ?? [],
    chain: synthesis?.chain ?? [],
    timeline: (synthesis?.timeline ?? []).map(({ at, text, evidenceIds }) => ({
      at: toIso(at),
      text,
      evidenceIds,
    })),
    ruledOut: synthesis?.ruledOut ?? [],
    gaps: gapsOf(parts),
    remediations: causes.flatMap(remediesFor),
    actions: [...parts.actions],
    claims: synthesis?.claims ?? [],
    iterations: numbered(parts.rounds).map(toIteration),
    ended: parts.ended,
    policyVersion: parts.policyVersion,
    reasoner: parts.reasoner,
    ...(parts.diagnosis !== null && { diagnosis: parts.diagnosis }),
    cost: parts.cost,
  };
}

function unverified(synthesis: SynthesisResult | null): SynthesisResult | null {
  if (synthesis === null) return null;
  return {
    ...synthesis,
    verdict: synthesis.verdict === 'cause-found' ? 'inconclusive' : synthesis.verdict,
    causes: [],
    affected: [],
    chain: [],
    claims: synthesis.claims.map((claim) => ({ ...claim, checked: false })),
  };
}

function toCause(cause: SynthesisCause): Report['causes'][number] {
  return { ...cause, since: cause.since === null ? null : toIsoOnset(cause.since) };
}

function onsetOf(brief: Brief | null): Report['onset'] {
  return brief?.symptomatic === true ? toIsoOnset(brief.suspected) : null;
}

/** Counts on where a role worked again after its own loop had ended, so that a role and a round name one entry. */
function numbered(rounds: readonly RoundRecord[]): RoundRecord[] {
  const last = new Map<Role, number>();
  return rounds.map((record) => {
    const before = last.get(record.role) ?? 0;
    const round = record.round > before ? record.round : before + 1;
    last.set(record.role, round);
    return { ...record, round };
  });
}

const capWords: Readonly<Record<string, string>> = {
  rounds: 'The cap on rounds forced a conclusion.',
  calls: 'The cap on calls forced a conclusion.',
  time: 'The time was used up, which forced a conclusion.',
};

const tooLate =
  'Whatever arrived more than 10 minutes after the end of the window, if anything did, was not looked at.';
const secondLookFailed = 'A second look, at what arrived later, failed.';

function summaryOf(parts: ReportParts, synthesis: SynthesisResult | null): string {
  const cut = capWords[parts.ended];
  const said = synthesis?.summary ?? fallbackSummary(parts);
  const status =
    parts.status === 'completed'
      ? ''
      : parts.status === 'cancelled'
        ? 'The investigation was cancelled. '
        : `The investigation could not be completed. ${parts.modelFailure == null ? '' : `${parts.modelFailure} `}`;
  const unchecked =
    parts.verification === null && synthesis !== null ? ' Nothing of this has been verified.' : '';
  const upTo =
    parts.isLive === true && parts.brief !== null
      ? ` Looked up to ${toIso(parts.brief.window.endAt).slice(0, 19)}Z.`
      : '';
  const noMore = parts.hasSecondLookFailed === true ? ` ${secondLookFailed}` : '';
  return `${status}${said}${unchecked}${cut === undefined ? '' : ` ${cut}`}${upTo}${noMore}`;
}

function fallbackSummary({ findings, brief }: ReportParts): string {
  const anomalous = findings.filter(({ conclusion }) => conclusion === 'anomalous');
  if (anomalous.length > 0) {
    return `No cause was named. Seen until then: ${anomalous.map(({ summary }) => summary).join(' ')}`;
  }
  return brief === null
    ? 'It ended before anything was looked at.'
    : 'It ended before a cause could be named.';
}

function gapsOf(parts: ReportParts): Report['gaps'] {
  const { plan, findings, unfinished, verification } = parts;
  const gaps = [
    ...(plan?.gaps ?? []),
    ...findings.flatMap((finding) => finding.gaps),
    ...findings.flatMap(({ role, ended }) => {
      const cut = capWords[ended];
      return cut === undefined ? [] : [{ signal: signalOfRole[role], reason: `${role}: ${cut}` }];
    }),
    ...unfinished.map(({ role, ended }) => ({
      signal: signalOfRole[role],
      reason: `${role} ended without a finding (${ended}).`,
    })),
    ...reasonerGaps(parts.reasoner),
    ...(parts.modelFailure == null ? [] : [{ signal: 'model', reason: parts.modelFailure }]),
    ...(parts.hasSecondLookFailed === true ? [{ signal: 'scope', reason: secondLookFailed }] : []),
    ...(leavesOutLate(parts) ? [{ signal: 'scope', reason: tooLate }] : []),
    ...(parts.brief === null
      ? [{ signal: 'scope', reason: 'What there is to look at was not found out.' }]
      : []),
    ...(verification !== null && verification.droppedCount > 0
      ? [
          {
            signal: 'verification',
            reason: `Sentences left out because the evidence does not carry them: ${verification.droppedCount}.`,
          },
        ]
      : []),
  ];
  const distinct = new Map(gaps.map((gap) => [`${gap.signal} ${gap.reason}`, gap]));
  return [...distinct.values()].slice(0, 30);
}

/** Of received telemetry, what came later than `lateMs` is not of the window. */
function leavesOutLate({ isLive, brief, writtenAt }: ReportParts): boolean {
  return isLive === true && brief !== null && writtenAt > brief.window.endAt + lateMs;
}
