import { createHash } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { ApplicationFailure } from '@temporalio/common';
import { createActivities } from '../../activities/index.ts';
import type { Activities } from '../../activities/index.ts';
import type { Catalogue } from '../../activities/dispatch.ts';
import type { ModelAccess } from '../../activities/model/use-model.ts';
import type { OpsClient } from '../../core/ports/ops.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import type { Budget } from '../../core/schemas/investigation.ts';
import type { InvestigationRow } from '../../store/store.ts';
import { catalogue as allTools } from '../../tools/catalogue.ts';
import type { CallStep, InvestigationHands, LoopHands } from '../../workflows/hands.ts';
import { Investigation } from '../../workflows/investigation.ts';
import { investigationStart } from '../../workflows/investigation-start.ts';
import type { FrozenModel, InvestigateInput } from '../../workflows/messages.ts';
import { runSpecialistLoop } from '../../workflows/specialist-loop.ts';
import { createMemoryStore } from './memory-store.ts';
import type { Left } from './memory-store.ts';

/** One investigation to run. */
export interface InProcess {
  readonly row: InvestigationRow;
  readonly telemetry: Telemetry;
  /** Services that `/ops/*` can be asked of; none unless given. */
  readonly opsServices?: readonly string[];
  readonly catalogue?: Catalogue;
  /** Who reasons beside the embedded policies; nobody unless given. */
  readonly model?: { readonly access: ModelAccess; readonly frozen: FrozenModel };
  /** Changes what is frozen at the start: budget, members and their caps. */
  readonly adjust?: (input: InvestigateInput) => InvestigateInput;
}

/** A run in one process waits for nobody and is measured by something else than its deadline. */
const budget: Budget = { rounds: 20, calls: 200, wallMs: 2_400_000 };

/**
 * Runs an investigation from scope to report in this process: the phases, loops and activities of the product, with a store in memory instead of PostgreSQL
 * and plain calls instead of Temporal. No step is repeated, timed out or cancelled.
 */
export async function runInProcess(run: InProcess): Promise<Left> {
  const { row, telemetry, catalogue = allTools, opsServices = [], adjust, model } = run;
  const left = createMemoryStore(row);
  const activities = createActivities({
    store: left.store,
    useCase: (_, work) => work(telemetry),
    live: {
      begin: () => Promise.reject(new Error('there is no live telemetry')),
      use: () => Promise.reject(new Error('there is no live telemetry')),
    },
    ops: { ...noOps, services: opsServices },
    model: model?.access ?? null,
    verifyGrant: () => Promise.resolve({ ok: false, because: 'nobody decides here' }),
    readSlos: () => Promise.resolve([]),
    catalogue,
    now: Date.now,
    peakMemoryBytes: () => process.resourceUsage().maxRSS * 1_024,
    sha256Hex: (text) => createHash('sha256').update(text).digest('hex'),
    newInvestigationId: () => refuse('further investigations'),
  });
  const { args } = investigationStart(row, {
    ...{ maxBudget: budget, approvalTtlMs: 0, model: model?.frozen ?? null },
  });
  const [input] = args;
  const hands = createHands(activities, row.id);
  const investigation = new Investigation(adjust === undefined ? input : adjust(input), hands);
  await investigation.report(await investigation.untilProposed());
  return left;
}

function createHands(activities: Activities, investigationId: string): InvestigationHands {
  return {
    ...createLoopHands(activities, investigationId),
    isCancelled: () => false,
    showPhase: () => undefined,
    runSpecialist: (workflowId, input) =>
      runSpecialistLoop(input, createLoopHands(activities, workflowId)),
    sleep: () => Promise.resolve(),
    handOver: () => Promise.resolve(),
  };
}

function createLoopHands(activities: Activities, workflowId: string): LoopHands {
  const placeOf = (attempt: number): MockActivityEnvironment =>
    new MockActivityEnvironment(
      { attempt, workflowExecution: { workflowId, runId: workflowId } },
      { logger: quiet },
    );
  const callStep: CallStep = (_kind, name, _summary, _group, input) =>
    untilItLasts((attempt) => placeOf(attempt).run(activities[name] as never, input as never));
  return {
    workflowId,
    callStep,
    within: (_, work) => work(),
    heedCancellation: () => Promise.resolve(),
    show: () => undefined,
  };
}

const quiet = new DefaultLogger('ERROR', () => undefined);
const mostAttempts = 5;

/** Tries a step again as Temporal would, without the pauses. */
async function untilItLasts<Result>(attempt: (number: number) => Promise<Result>): Promise<Result> {
  for (let number = 1; ; number += 1) {
    try {
      return await attempt(number);
    } catch (error) {
      const isFinal = error instanceof ApplicationFailure && error.nonRetryable === true;
      if (isFinal || number >= mostAttempts) throw error;
    }
  }
}

const noOps: OpsClient = {
  services: [],
  get: () => Promise.reject(new Error('no services are registered')),
  post: () => Promise.reject(new Error('no services are registered')),
  urlOf: (service, path) => `http://${service}${path}`,
};

function refuse(what: string): never {
  throw new Error(`there are no ${what}`);
}
