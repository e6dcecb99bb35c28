import { policyVersion } from '../agents/policy-version.ts';
import { isAppError } from '../core/errors.ts';
import { liveCaseName } from '../core/live-investigation.ts';
import { composeReport } from '../core/report/compose-report.ts';
import type { ReportParts } from '../core/report/compose-report.ts';
import type { RoundRecord } from '../core/report/to-iteration.ts';
import { briefSchema } from '../core/schemas/brief.ts';
import { findingSchema, orientationSchema } from '../core/schemas/finding.ts';
import type { Decision, Finding } from '../core/schemas/finding.ts';
import { planSchema } from '../core/schemas/plan.ts';
import type { Report } from '../core/schemas/report.ts';
import type { Role } from '../core/schemas/roles.ts';
import { synthesisSchema, verificationSchema } from '../core/schemas/synthesis.ts';
import type { FrozenModel, ProposedAction, Story, StepKey } from '../workflows/messages.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { gatherModel, lastingFailure, reasonerOf } from './model/gather-model.ts';
import { proposedAction } from './propose.ts';
import { recallSome } from './recall.ts';
import type { KeptObservation } from './recall.ts';
import { requireInvestigation } from './require-investigation.ts';
import { placeOutsideRounds, progressOf } from './step.ts';
import type { RunStep } from './step.ts';

export interface ReportStepInput {
  readonly investigationId: string;
  readonly stepKey: string;
  readonly status: Report['status'];
  readonly story: Story;
  readonly startedAt: number;
  /** Left out where the embedded policies decide alone. */
  readonly model?: FrozenModel;
}

export interface WrittenReport {
  readonly verdict: Report['verdict'];
  readonly summary: string;
  /** The frozen write that waits for a decision, as it is stored: also one whose proposing was cut off after it was stored. */
  readonly action: ProposedAction | null;
}

/**
 * Makes the activity `orchestrator.report`: composes the report from whatever the investigation left behind and closes it, in one transaction with the event
 * `finished`. What was not reached is missing, never an error. Idempotent by memo.
 */
export function createReport(
  deps: ActivityDependencies & { readonly runStep: RunStep },
): (input: ReportStepInput) => Promise<WrittenReport> {
  return (input) => {
    const place = placeOutsideRounds(input, 'report', 'orchestrator');
    return deps.runStep(place, 'writes the report', async () => {
      const at = deps.now();
      const report = await compose(deps, input, at);
      const { verdict, summary } = report;
      const stored = await deps.store.actions.ofInvestigation(input.investigationId);
      const waiting = stored.find((action) => action.state === 'proposed');
      const action = waiting === undefined ? null : proposedAction(waiting.plan, waiting.planHash);
      const finished = progressOf({ ...place, stepKey: 'finished' }, 'finished', 1, summary, {
        status: report.status,
        verdict,
      });
      return {
        returned: { verdict, summary: summary.slice(0, 300), action },
        text: `${report.status}: ${verdict}`,
        events: [finished],
        writes: { finish: { status: report.status, at, report } },
      };
    });
  };
}

/** A report is owed also where what was kept cannot be read any more: then one that says only that. A database that is away is waited for. */
async function compose(
  deps: ActivityDependencies,
  input: ReportStepInput,
  at: number,
): Promise<Report> {
  const { store } = deps;
  const { investigationId, story } = input;
  const row = await requireInvestigation(store, investigationId);
  const cost = await store.ledger.total(investigationId);
  const bare: ReportParts = {
    investigationId,
    caseName: row.caseName ?? liveCaseName(row.id),
    isLive: row.caseName === null,
    hasSecondLookFailed: story.hasSecondLookFailed === true,
    writtenAt: at,
    status: input.status,
    ended: endedOf(input),
    brief: null,
    plan: null,
    findings: [],
    unfinished: story.specialists
      .filter(({ finding }) => finding === null)
      .map(({ role, ended }) => ({ role, ended })),
    synthesis: null,
    verification: null,
    rounds: [],
    actions: [],
    policyVersion,
    reasoner: reasonerOf(input.model ?? null, []),
    diagnosis: null,
    cost: {
      wallMs: Math.max(0, at - input.startedAt),
      ...cost,
      peakMemoryBytes: deps.peakMemoryBytes(),
    },
  };
  try {
    return composeReport({ ...bare, ...(await gather(deps, input)) });
  } catch (error) {
    if (isAppError(error) && error.code.startsWith('unavailable.')) throw error;
    return composeReport({ ...bare, status: 'failed', ended: 'failed' });
  }
}

async function gather(
  deps: ActivityDependencies,
  input: ReportStepInput,
): Promise<Partial<ReportParts>> {
  const { story } = input;
  const [brief, plan, synthesis, verification] = await Promise.all(
    [story.brief, story.plan, story.synthesis, story.verification].map((key) =>
      recallOne(deps, key),
    ),
  );
  const keptSynthesis = (synthesis as { readonly synthesis?: unknown } | null)?.synthesis ?? null;
  return {
    brief: briefSchema.nullable().parse(brief),
    plan: planSchema.nullable().parse(plan),
    findings: await findingsOf(deps, story),
    synthesis: synthesisSchema.nullable().parse(keptSynthesis),
    verification: verificationSchema.nullable().parse(verification),
    rounds: await roundsOf(deps, input),
    ...(input.model !== undefined && (await gatherModel(deps.store, input.model, story))),
    modelFailure: await modelFailureOf(deps.store, input),
  };
}

/** Where nothing but a model may decide, the last failure of one is why an investigation failed. */
async function modelFailureOf(
  { modelCalls }: ActivityDependencies['store'],
  { investigationId, status, model }: ReportStepInput,
): Promise<string | null> {
  if (status !== 'failed' || model?.isRequired !== true) return null;
  const code = lastingFailure(await modelCalls.list(investigationId));
  return code === null
    ? null
    : `A model is required here, and ${model.name} could not be asked: ${code}.`;
}

/** An investigation was cut short when root cause or any specialist of the plan was. */
function endedOf({ status, story }: ReportStepInput): Report['ended'] {
  if (status !== 'completed') return status;
  if (story.ended !== 'answered') return story.ended;
  const caps: readonly string[] = ['rounds', 'calls', 'time'];
  return story.specialists.find(({ ended }) => caps.includes(ended))?.ended ?? 'answered';
}

async function recallOne(deps: ActivityDependencies, key: StepKey | null): Promise<unknown> {
  if (key === null) return null;
  const [kept] = await recallSome(deps.store, [key]);
  return kept?.kept ?? null;
}

async function findingsOf(deps: ActivityDependencies, story: Story): Promise<readonly Finding[]> {
  const keys = story.specialists.flatMap(({ finding }) => finding ?? []);
  const kept = await recallSome(deps.store, keys);
  return kept.map((one) =>
    findingSchema.parse((one.kept as { readonly finding: unknown }).finding),
  );
}

interface Loop {
  readonly role: Role;
  readonly workflowId: string;
  readonly prefix: string;
  readonly rounds: number;
  readonly observed: readonly StepKey[];
}

/** Every round of every loop, in the order in which they ended. */
async function roundsOf(
  deps: ActivityDependencies,
  { investigationId, story }: ReportStepInput,
): Promise<readonly RoundRecord[]> {
  const events = await deps.store.events.since(investigationId, 0, 10_000);
  const endedAt = new Map(
    events
      .filter(({ type }) => type === 'ended')
      .map(({ stepKey, at }) => [stepKey, Date.parse(at)]),
  );
  const loops: readonly Loop[] = [
    // First, for the questions that others answered.
    {
      role: 'root-cause',
      workflowId: investigationId,
      prefix: 'root-cause',
      rounds: story.synthesisRounds,
      observed: [],
    },
    ...(story.earlier ?? []),
    ...story.specialists,
  ];
  const records: RoundRecord[] = [];
  const questions: string[] = [];
  for (const loop of loops) {
    const answers = questions[questionIndex(loop.prefix)];
    for (let round = 1; round <= loop.rounds; round += 1) {
      const record = await roundOf(deps, loop, round);
      if (record === null) continue;
      const { decision } = record;
      if (decision?.kind === 'ask') questions.push(decision.question);
      const at = endedAt.get(`${loop.prefix}.r${round}.decide`) ?? deps.now();
      records.push({ ...record, at, ...(answers !== undefined && { answers }) });
    }
  }
  return records.toSorted((one, other) => one.at - other.at);
}

/** Which of root cause's questions a loop answered, from 0; -1 for one that answers the plan. */
function questionIndex(prefix: string): number {
  return Number(/\.question-(\d+)$/.exec(prefix)?.[1] ?? 0) - 1;
}

async function roundOf(
  deps: ActivityDependencies,
  { role, workflowId, prefix, observed }: Loop,
  round: number,
): Promise<Omit<RoundRecord, 'at'> | null> {
  const ofRound = `${prefix}.r${round}.`;
  const seen = await recallSome(
    deps.store,
    observed.filter(({ stepKey }) => stepKey.startsWith(ofRound)),
  );
  const [orientation] = await recallSome(deps.store, [{ workflowId, stepKey: `${ofRound}orient` }]);
  const [decided] = await recallSome(deps.store, [{ workflowId, stepKey: `${ofRound}decide` }]);
  if (orientation === undefined && seen.length === 0) return null;
  const decision = (decided?.kept as { readonly decision: Decision } | undefined)?.decision;
  return {
    role,
    round,
    observed: seen.map(({ kept }) => kept as KeptObservation),
    orientation: orientation === undefined ? null : orientationSchema.parse(orientation.kept),
    decision: decision ?? null,
  };
}
