import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Client, ScheduleOptions, ScheduleUpdateOptions } from '@temporalio/client';
import type { SloTarget, SweepInput, SweepResult } from '../../workflows/messages.ts';

/** The one schedule of sweeps; each run looks at every target. */
const sweepScheduleId = 'slo-sweep';

/** How the sweep is known to Temporal. */
interface SweepWorkflow {
  readonly workflowType: string;
  readonly taskQueue: string;
}

export interface SweepSchedule extends SweepWorkflow {
  readonly targets: readonly SloTarget[];
  readonly everyMs: number;
}

/** The server takes no catch-up window below this. */
const leastCatchUpMs = 10_000;
const jitterShare = 0.1;

/**
 * Makes sure that SLOs are swept: creates the schedule, or brings the one that is there up to date. Sweeps never overlap, one that was missed by more than two
 * intervals is skipped, and each starts a little late at random so that many installations do not start as one.
 */
export async function ensureSweepSchedule(client: Client, sweep: SweepSchedule): Promise<void> {
  const options = scheduleOptions(sweep);
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule
      .getHandle(sweepScheduleId)
      .update((previous): ScheduleUpdateOptions => ({ ...options, state: previous.state }));
  }
}

function scheduleOptions({
  targets,
  everyMs,
  workflowType,
  taskQueue,
}: SweepSchedule): ScheduleOptions {
  const input: SweepInput = { targets };
  return {
    scheduleId: sweepScheduleId,
    spec: { intervals: [{ every: everyMs }], jitter: Math.round(everyMs * jitterShare) },
    action: {
      type: 'startWorkflow',
      workflowType,
      workflowId: sweepScheduleId,
      taskQueue,
      args: [input],
      staticSummary: `sweeps ${targets.length} SLO ${targets.length === 1 ? 'file' : 'files'}`,
    },
    policies: {
      overlap: ScheduleOverlapPolicy.SKIP,
      catchupWindow: Math.max(leastCatchUpMs, 2 * everyMs),
    },
  };
}

/** Runs the sweep of one target now and waits for its end. `sweepId` makes asking twice one sweep. */
export async function sweepOnce(
  client: Client,
  sweepId: string,
  { targets, workflowType, taskQueue }: Omit<SweepSchedule, 'everyMs'>,
): Promise<SweepResult> {
  const input: SweepInput = { targets };
  return client.workflow.execute<(input: SweepInput) => Promise<SweepResult>>(workflowType, {
    workflowId: `${sweepScheduleId}-${sweepId}`,
    taskQueue,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: 'sweeps SLOs, asked for by a person',
  });
}
