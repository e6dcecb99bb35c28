import type { Client } from '@temporalio/client';
import type { Action } from '../../core/schemas/action.ts';
import type { Report } from '../../core/schemas/report.ts';
import { historyEvents } from './history.ts';
import { holdStep } from './hold-step.ts';
import type { HeldStep } from './hold-step.ts';
import type { KillGround } from './kill-ground.ts';
import { feed } from './subject.ts';
import type { Subject, Moment } from './subject.ts';
import { eventually, eventsOf, reportOf } from './line.ts';
import type { Line } from './line.ts';

export interface KilledRun {
  readonly phase: string;
  readonly heldStep: string;
  readonly report: Report;
  /** Steps that were begun more than once, by the ledger. */
  readonly repeatedSteps: readonly string[];
  readonly endedTwice: readonly string[];
  readonly historyShowsSecondAttempt: boolean;
  /** From the kill until its step was begun again. */
  readonly continueMs: number;
  /** How often its step had been begun when the worker died: the more often, the longer is the pause before the next time. */
  readonly attemptsBefore: number;
}

export interface KilledWrite {
  readonly effects: number;
  readonly state: string;
  readonly attempts: number;
}

/** Of runs that are caught at a time: all of them are worked on at once. */
const mostAtOnce = 8;
/** On a busy machine that takes a while, and nothing depends on it. */
const caughtWithinMs = 600_000;

interface HeldRun extends Moment {
  readonly id: string;
  readonly workflowId: string;
  readonly hold: HeldStep;
}

/**
 * Catches one investigation at each moment, all at once; kills the worker; lets go, and follows every one to its end. A run is held by an uncommitted row
 * under its step's own key.
 */
export async function killWorkerAt(
  ground: KillGround,
  subject: Subject,
  moments: readonly Moment[],
): Promise<readonly KilledRun[]> {
  return killAndFollow(ground, await catchRuns(ground, subject, moments));
}

/**
 * The same at every moment of an investigation, and with one approved write that is caught between its SENT and its record: the target withholds its reply
 * until the worker is dead.
 */
export async function killWorkerAtEveryMoment(
  ground: KillGround,
  subject: Subject,
): Promise<{ readonly runs: readonly KilledRun[]; readonly write: KilledWrite }> {
  const { line, target } = ground;
  const proposed = await proposedAction(line, await subject.undisturbed());
  const effectsBefore = target.effects();
  const earlier: KilledRun[] = [];
  let moments = subject.moments;
  for (; moments.length > mostAtOnce; moments = moments.slice(mostAtOnce)) {
    earlier.push(...(await killWorkerAt(ground, subject, moments.slice(0, mostAtOnce))));
  }
  const held = await catchRuns(ground, subject, moments);
  target.withhold();
  await approve(line, proposed);
  await eventually('the write on its way', 30_000, () => Promise.resolve(target.isWithholding()));
  const runs = [...earlier, ...(await killAndFollow(ground, held))];
  const { state } = await eventually('the write settled', 60_000, async () => {
    const now = await actionOf(line, proposed.actionId);
    return now.state === 'applied' ? now : null;
  });
  const ledger = await line.store.ledger.list(proposed.investigationId);
  const attempts = ledger.filter(({ stepKey }) => stepKey === `${proposed.actionId}.send`).length;
  return { runs, write: { effects: target.effects() - effectsBefore, state, attempts } };
}

async function catchRuns(
  { line, client }: KillGround,
  subject: Subject,
  moments: readonly Moment[],
): Promise<readonly HeldRun[]> {
  await line.worker()?.stop();
  const held = await Promise.all(
    moments.map(async (moment) => {
      const id = await subject.begin();
      const workflowId = `${id}${moment.child}`;
      const { stepKey } = moment;
      const hold = await holdStep(line.databaseUrl, { investigationId: id, workflowId, stepKey });
      return { ...moment, id, workflowId, hold };
    }),
  );
  await line.startWorker();
  const fed = held.filter(({ stepKey }) => stepKey !== 'snapshot');
  await Promise.all([
    ...fed.map(({ id }) => feed(line, subject.flow, id)),
    ...held.map((run) => untilOnlyHeld(client, run)),
  ]);
  return held;
}

/** Waits until nothing of a run goes on but its held step: only that may be repeated when the worker dies. */
async function untilOnlyHeld(client: Client, { id, workflowId, stepKey, hold }: HeldRun) {
  await hold.untilHeld(caughtWithinMs);
  const isInChild = workflowId !== id;
  await eventually(`nothing but ${stepKey} going on`, caughtWithinMs, async () => {
    const parent = await goingOn(client, id);
    if (parent.children !== Number(isInChild)) return false;
    const own = isInChild ? await goingOn(client, workflowId) : parent;
    return own.activities === 1 && !parent.isDeciding && !own.isDeciding;
  });
}

async function goingOn(client: Client, workflowId: string) {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  return {
    activities: raw.pendingActivities?.length ?? 0,
    children: raw.pendingChildren?.length ?? 0,
    isDeciding: raw.pendingWorkflowTask != null,
  };
}

async function killAndFollow(
  ground: KillGround,
  held: readonly HeldRun[],
): Promise<readonly KilledRun[]> {
  const { line, target } = ground;
  line.worker()?.kill9();
  const killedAt = Date.now();
  await Promise.all(held.map(({ hold }) => hold.release()));
  target.answer();
  return Promise.all(held.map((run) => followToEnd(ground, run, killedAt)));
}

async function continuedAfter(
  line: Line,
  { id, stepKey }: HeldRun,
  killedAt: number,
): Promise<number> {
  const again = await eventually(`${stepKey} begun again`, caughtWithinMs, async () =>
    (await eventsOf(line, id)).find(
      (event) =>
        event.type === 'begun' && event.stepKey === stepKey && Date.parse(event.at) > killedAt,
    ),
  );
  return Date.parse(again.at) - killedAt;
}

async function followToEnd(
  { line, client }: KillGround,
  run: HeldRun,
  killedAt: number,
): Promise<KilledRun> {
  const continueMs = await continuedAfter(line, run, killedAt);
  const begunBefore = (await eventsOf(line, run.id)).filter(
    ({ type, stepKey, at }) =>
      type === 'begun' && stepKey === run.stepKey && Date.parse(at) <= killedAt,
  );
  const report = await reportOf(line, run.id, caughtWithinMs);
  await client.workflow.getHandle(run.id).result();
  const events = await eventsOf(line, run.id);
  const ended = events.filter(({ type }) => type === 'ended').map(({ stepKey }) => stepKey);
  const ledger = await line.store.ledger.list(run.id);
  const repeated = ledger.filter(({ attempt }) => attempt > 1).map(({ stepKey }) => stepKey);
  const attempts = (await historyEvents(client, run.workflowId)).map((event) => {
    const started = (
      event as { readonly activityTaskStartedEventAttributes?: { readonly attempt?: number } }
    ).activityTaskStartedEventAttributes;
    return started?.attempt ?? 0;
  });
  return {
    phase: run.phase,
    heldStep: run.stepKey,
    report,
    repeatedSteps: [...new Set(repeated)],
    endedTwice: ended.filter((key, index) => ended.indexOf(key) !== index),
    historyShowsSecondAttempt: attempts.some((attempt) => attempt >= 2),
    continueMs,
    attemptsBefore: Math.max(0, ...begunBefore.map(({ attempt }) => attempt)),
  };
}

async function proposedAction(line: Line, { actions: [action] }: Report): Promise<Action> {
  if (action === undefined) throw new Error('no action was proposed');
  return actionOf(line, action.actionId);
}

async function actionOf(line: Line, actionId: string): Promise<Action> {
  return (await (await fetch(`${line.url}/api/v1/actions/${actionId}`)).json()) as Action;
}

async function approve(line: Line, { actionId, planHash }: Action): Promise<void> {
  const response = await fetch(`${line.url}/api/v1/actions/${actionId}/decision`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${line.token}` },
    body: JSON.stringify({ decision: 'approve', planHash }),
  });
  if (!response.ok)
    throw new Error(`the approval was answered ${response.status}: ${await response.text()}`);
}

/** Pieces of telemetry that come in while a server is dead, or nearly. */
const piecesMeanwhile = 4;

/** Kills one server, or the API, while three investigations run and, of a live subject, telemetry comes in; follows them to their ends. */
export async function killServer(
  ground: KillGround,
  subject: Subject,
  victim: 'temporal' | 'postgres' | 'api',
): Promise<readonly Report[]> {
  const { line } = ground;
  const ids = await Promise.all([1, 2, 3].map(() => subject.begin()));
  await eventually('the specialists at work', 60_000, async () => {
    const events = await Promise.all(ids.map((id) => eventsOf(line, id)));
    return events.every((some) => some.some(({ phase }) => phase === 'fan-out'));
  });
  const comingIn = subject.flow?.send(piecesMeanwhile);
  if (victim === 'temporal') ground.temporal.kill9();
  if (victim === 'postgres') ground.database.kill9();
  if (victim === 'api') line.api.kill9();
  await comingIn;
  return Promise.all(ids.map((id) => reportOf(line, id, 150_000)));
}
