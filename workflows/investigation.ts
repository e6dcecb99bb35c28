import { isCancellation } from '@temporalio/workflow';
import type { InvestigationPhase } from '../core/schemas/roles.ts';
import type { ToolCall } from '../core/schemas/tool-call.ts';
import type { TakenSnapshot } from '../activities/snapshot.ts';
import { driveLoop } from '../agents/loop.ts';
import type { InvestigationHands } from './hands.ts';
import { LoopRun, askingEndsAt, lookingEndsAt, roundGroup } from './loop-run.ts';
import { mergeLooks } from './merge-looks.ts';
import type {
  InvestigateInput,
  InvestigateResult,
  ModelUse,
  SpecialistInput,
  SpecialistResult,
  StepKey,
  Story,
} from './messages.ts';

/** Shares of the wall-clock budget by which the squad and then root cause must have concluded; the rest is for verify and report. */
const squadShare = 0.6;
const synthesisShare = 0.85;
/** Shares by which a model must have said what it thinks of the plan, and of the whole. */
const planShare = 0.15;
const diagnosisShare = 0.9;
/** Part of the budget that verify and remediate may use up; the rest is for the report. */
const reportShare = 0.95;
/** The calls by which scope finds out what there is and when it began. */
const scopeCalls: readonly ToolCall[] = [
  {
    tool: 'check-coverage',
    input: {},
    because: 'what telemetry is there, and from when to when',
  },
  {
    tool: 'find-onset',
    input: {},
    because: 'when it began, as the users of the entry service felt it',
  },
];
/** Calls kept for a question and for the dry run of a write. */
const reservedCalls = 2;
/** With fewer calls or less time left a second look would be forced to conclude before it has seen anything. */
const leastCallsToLookAgain = 12;
const leastLookMs = 15_000;
/** What asking a target how it stands may take; with less time left no write is proposed. */
const proposeMs = 10_000;

/**
 * One investigation: the order of its phases, and what each may spend. It keeps references to what its steps keep, and asks everything else of its hands.
 * A class because a run has a life.
 */
export class Investigation {
  private readonly input: InvestigateInput;
  private readonly hands: InvestigationHands;
  private readonly startedAt = Date.now();
  private phase: InvestigationPhase = 'scope';
  private readonly running = new Set<string>();
  /** What is left of the calls that the budget allows. */
  private callsLeft: number;
  private story: Story = {
    brief: null,
    plan: null,
    specialists: [],
    synthesis: null,
    synthesisRounds: 0,
    verification: null,
    ended: 'answered',
  };

  constructor(input: InvestigateInput, hands: InvestigationHands) {
    this.input = input;
    this.hands = hands;
    this.callsLeft = input.budget.calls - scopeCalls.length;
  }

  /** Which phase it is in, and which specialists are at work. */
  status(): { readonly phase: InvestigationPhase; readonly running: readonly string[] } {
    return { phase: this.phase, running: [...this.running].sort() };
  }

  /** Never rejects: what was not reached when the time is up, or when a step fails for good, is missing from the story. */
  async untilProposed(): Promise<InvestigateResult['status']> {
    const wallMs = this.input.budget.wallMs * reportShare;
    try {
      await this.hands.within(wallMs, () => this.investigate());
      return this.hasLostItsModel() ? 'failed' : 'completed';
    } catch (error) {
      if (!isCancellation(error)) return 'failed';
      if (this.hands.isCancelled()) return 'cancelled';
      this.story = { ...this.story, ended: 'time' };
      return 'completed';
    }
  }

  /** Whether it came to no conclusion because nothing but a model may decide. */
  private hasLostItsModel(): boolean {
    const { synthesis, ended } = this.story;
    return this.input.model?.isRequired === true && synthesis === null && ended === 'failed';
  }

  private async investigate(): Promise<void> {
    const taken = this.input.isLive === true ? await this.takeSnapshot('snapshot') : null;
    const first = await this.scope('scope');
    await this.fanOut(await this.plan('plan', first));
    const brief = taken === null ? first : await this.tryToLookAgain(first, taken);
    await this.synthesise(brief);
    await this.verify();
    await this.remediate();
    await this.diagnose();
  }

  private enter(phase: InvestigationPhase, text: string): void {
    this.phase = phase;
    this.hands.showPhase(phase, text);
  }

  private key(stepKey: string): StepKey {
    return { workflowId: this.hands.workflowId, stepKey };
  }

  private takeSnapshot(stepKey: string): Promise<TakenSnapshot> {
    const { investigationId } = this.input;
    this.enter('scope', 'what was received up to now?');
    return this.hands.callStep('read', 'orchestrator.snapshot', 'scope · snapshot', null, {
      investigationId,
      stepKey,
    });
  }

  /** What the first look has found does not depend on a second one: when that fails, or is not planned in time, the first one counts. */
  private async tryToLookAgain(first: StepKey, taken: TakenSnapshot): Promise<StepKey> {
    const before = this.story;
    try {
      return await this.lookAgain(first, taken);
    } catch (error) {
      if (this.hands.isCancelled()) throw error;
      this.story = { ...before, hasSecondLookFailed: true };
      return first;
    }
  }

  /**
   * Lets what was on its way arrive and looks again: a fresh snapshot, and those questions once more whose answer may have changed. Gives the brief that
   * counts from then on, which is the first one when calls or time do not allow another look.
   */
  private async lookAgain(first: StepKey, { settledAt }: TakenSnapshot): Promise<StepKey> {
    const { budget } = this.input;
    const endsAt = lookingEndsAt(this.startedAt + budget.wallMs * squadShare);
    const beginsAt = Math.max(settledAt, Date.now());
    if (beginsAt + leastLookMs > endsAt || this.callsLeft < leastCallsToLookAgain) return first;
    const { brief, planned } = await this.hands.within(endsAt - Date.now(), () =>
      this.planAgain(first, beginsAt),
    );
    const before = this.story.specialists;
    this.story = { ...this.story, specialists: [] };
    try {
      await this.fanOut(planned);
    } finally {
      this.story = { ...this.story, ...mergeLooks(before, this.story.specialists) };
    }
    return brief;
  }

  private async planAgain(first: StepKey, beginsAt: number) {
    if (beginsAt > Date.now()) await this.waitUntil(beginsAt);
    await this.takeSnapshot('again.snapshot');
    this.callsLeft -= scopeCalls.length;
    const brief = await this.scope('again.scope');
    return { brief, planned: await this.plan('again.plan', brief, first) };
  }

  private async waitUntil(untilAt: number): Promise<void> {
    const { investigationId } = this.input;
    this.enter('scope', 'lets late telemetry arrive');
    await this.hands.callStep('step', 'orchestrator.wait', 'scope · wait', null, {
      investigationId,
      stepKey: 'again.wait',
      untilAt,
    });
    await this.hands.sleep(Math.max(1, untilAt - Date.now()), 'late telemetry');
  }

  private async scope(stepKey: string): Promise<StepKey> {
    const { investigationId } = this.input;
    this.enter('scope', 'what is there to look at, and when did it begin?');
    const group = roundGroup('scope', 1);
    const observed = scopeCalls.map((_, index) => this.key(`${stepKey}.observe.${index + 1}`));
    await Promise.all(
      scopeCalls.map((call, index) =>
        this.hands.callStep(
          'read',
          'orchestrator.observe',
          `scope · observe · ${call.tool}`,
          group,
          {
            investigationId,
            phase: 'scope',
            round: 1,
            stepKey: `${stepKey}.observe.${index + 1}`,
            call,
            allowed: scopeCalls.map((one) => one.tool),
            brief: null,
            carriesOut: null,
          },
        ),
      ),
    );
    await this.hands.callStep('step', 'orchestrator.scope', 'scope · orient', group, {
      investigationId,
      stepKey,
      observed,
    });
    this.story = { ...this.story, brief: this.key(stepKey) };
    return this.key(stepKey);
  }

  private async plan(
    stepKey: string,
    brief: StepKey,
    before?: StepKey,
  ): Promise<readonly SpecialistInput[]> {
    const { investigationId, budget, squad } = this.input;
    this.enter('plan', 'whom to ask what');
    const model = before === undefined ? this.modelUntil(planShare) : null;
    const kind = model === null ? 'step' : 'model';
    const plan = await this.hands.callStep(kind, 'orchestrator.plan', 'plan · decide', null, {
      investigationId,
      stepKey,
      brief,
      ...(before === undefined ? {} : { before }),
      ...(model !== null && { model }),
    });
    this.story = { ...this.story, plan: this.key(stepKey) };
    const free = Math.max(0, this.callsLeft - reservedCalls);
    const share = Math.floor(free / Math.max(1, plan.assignments.length));
    return plan.assignments.map((assignment) => ({
      investigationId,
      role: assignment.role,
      phase: 'fan-out' as const,
      prefix: before === undefined ? assignment.role : `${assignment.role}.again`,
      brief,
      member: {
        rounds: Math.min(squad[assignment.role].rounds, budget.rounds),
        calls: Math.min(squad[assignment.role].calls, share),
        tools: squad[assignment.role].tools,
      },
      deadlineAt: this.startedAt + budget.wallMs * squadShare,
      question: assignment.question,
      calls: assignment.calls,
      carriesOut: null,
      ...this.frozenModel(),
    }));
  }

  private async fanOut(inputs: readonly SpecialistInput[]): Promise<void> {
    this.enter('fan-out', inputs.map((one) => `${one.role}: ${one.question}`).join('\n\n'));
    await Promise.all(inputs.map((one) => this.specialist(one)));
    await this.hands.heedCancellation();
    // In the order of the plan, not of the finish: the same input then gives the same words.
    const place = ({ prefix }: SpecialistResult): number =>
      inputs.findIndex((one) => one.prefix === prefix);
    this.story = {
      ...this.story,
      specialists: this.story.specialists.toSorted((one, other) => place(one) - place(other)),
    };
  }

  /** Runs one specialist as a child; a child that fails is a gap, not the end. */
  private async specialist(input: SpecialistInput): Promise<void> {
    const workflowId = `${this.hands.workflowId}/${input.prefix}`;
    this.running.add(input.prefix);
    const failed: SpecialistResult = {
      role: input.role,
      ended: 'failed',
      finding: null,
      observed: [],
      workflowId,
      prefix: input.prefix,
      rounds: 0,
      calls: 0,
    };
    try {
      const result = await this.hands.runSpecialist(workflowId, input);
      this.callsLeft -= result.calls;
      this.story = { ...this.story, specialists: [...this.story.specialists, result] };
    } catch (error) {
      if (isCancellation(error)) throw error;
      this.callsLeft -= input.member.calls; // it may have made all of them
      this.story = { ...this.story, specialists: [...this.story.specialists, failed] };
    } finally {
      this.running.delete(input.prefix);
    }
  }

  private async synthesise(brief: StepKey): Promise<void> {
    const { investigationId, budget, squad } = this.input;
    this.enter('synthesise', 'which cause explains what was seen?');
    const deadlineAt = this.startedAt + budget.wallMs * synthesisShare;
    let questions = 0;
    const run = new LoopRun(this.hands, {
      investigationId,
      role: 'root-cause',
      tools: squad['root-cause'].tools,
      phase: 'synthesise',
      prefix: 'root-cause',
      brief,
      deadlineAt,
      question: null,
      carriesOut: null,
      ...this.rootCauseReasoner(),
      squad: () => ({
        findings: this.story.specialists.flatMap((one) => one.finding ?? []),
        observed: this.story.specialists.flatMap((one) => one.observed),
      }),
      onPhase: (text) => this.hands.show(`**synthesise**: ${text}`),
      ask: async (command, act) => {
        questions += 1;
        await this.specialist({
          investigationId,
          role: command.specialist,
          phase: 'synthesise',
          prefix: `${command.specialist}.question-${questions}`,
          brief,
          member: {
            rounds: Math.min(2, budget.rounds),
            calls: Math.min(command.calls.length + 1, this.callsLeft),
            tools: squad[command.specialist].tools,
          },
          deadlineAt,
          question: command.question,
          calls: command.calls,
          carriesOut: act,
          ...this.frozenModel(),
        });
      },
    });
    const caps = {
      rounds: Math.min(squad['root-cause'].rounds, budget.rounds),
      calls: Math.min(squad['root-cause'].calls, this.callsLeft),
    };
    const { ended, state } = await driveLoop(
      { ...caps, deadlineAt: lookingEndsAt(deadlineAt) },
      { at: Date.now(), calls: [] },
      run.carryOut,
    );
    const { decided, hasFinding } = run.gathered();
    this.story = {
      ...this.story,
      synthesis: hasFinding ? decided : null,
      synthesisRounds: state.round,
      ended,
    };
    if (ended === 'cancelled') await this.hands.heedCancellation();
  }

  private async verify(): Promise<void> {
    const { brief, synthesis } = this.story;
    if (brief === null || synthesis === null) return;
    this.enter('verify', 'does the evidence carry every sentence?');
    await this.hands.callStep('step', 'verifier.verify', 'verifier · verify', null, {
      investigationId: this.input.investigationId,
      stepKey: 'verify',
      brief,
      synthesis,
      specialists: this.story.specialists,
    });
    this.story = { ...this.story, verification: this.key('verify') };
  }

  private async remediate(): Promise<void> {
    const { brief, verification } = this.story;
    const endsAt = this.startedAt + this.input.budget.wallMs * reportShare;
    const isPossible = this.callsLeft >= 1 && Date.now() + proposeMs <= endsAt;
    if (brief === null || verification === null || !isPossible) return;
    this.enter('remediate', 'is there something that would help?');
    await this.hands.callStep('propose', 'orchestrator.propose', 'remediate · propose', null, {
      investigationId: this.input.investigationId,
      stepKey: 'propose',
      brief,
      verification,
      specialists: this.story.specialists,
      approvalTtlMs: this.input.approvalTtlMs,
    });
  }

  /** Lets a model say in its words what was found. What comes of it is a part of the report, and never what the report depends on. */
  private async diagnose(): Promise<void> {
    const { brief, verification } = this.story;
    const model = this.modelUntil(diagnosisShare);
    if (model === null || brief === null || verification === null) return;
    this.enter('report', 'puts into words what was found');
    await this.hands.callStep('model', 'orchestrator.diagnose', 'report · diagnose', null, {
      investigationId: this.input.investigationId,
      stepKey: 'diagnose',
      brief,
      verification,
      specialists: this.story.specialists,
      model,
    });
    this.story = { ...this.story, diagnosis: this.key('diagnose') };
  }

  private modelUntil(share: number): ModelUse | null {
    const { model, budget } = this.input;
    if (model === undefined) return null;
    const deadlineAt = this.startedAt + budget.wallMs * share;
    return { model, endsAt: askingEndsAt(deadlineAt), tools: [], asks: {} };
  }

  private frozenModel(): Pick<SpecialistInput, 'model'> {
    const { model } = this.input;
    return model === undefined ? {} : { model };
  }

  private rootCauseReasoner() {
    const { model, squad } = this.input;
    if (model === undefined) return {};
    const { aggregation, trace, log, change } = squad;
    const asks = {
      aggregation: aggregation.tools,
      trace: trace.tools,
      log: log.tools,
      change: change.tools,
    };
    return { reasoner: { model, asks } };
  }

  /** Writes down what is known, and lets a proposed write wait for a decision. */
  async report(status: InvestigateResult['status']): Promise<InvestigateResult> {
    const { investigationId } = this.input;
    this.enter('report', 'writes down what is known');
    const { verdict, summary, action } = await this.hands.callStep(
      'owed',
      'orchestrator.report',
      'report',
      null,
      {
        investigationId,
        stepKey: 'report',
        status,
        story: this.story,
        startedAt: this.startedAt,
        ...this.frozenModel(),
      },
    );
    if (action !== null) await this.hands.handOver(action);
    return { investigationId, status, verdict, summary, actionId: action?.actionId ?? null };
  }
}
