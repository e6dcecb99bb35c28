import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities } from '../../../activities/index.ts';
import type { Activities } from '../../../activities/index.ts';
import type { GrantCheck } from '../../../activities/dependencies.ts';
import { createOpsClient } from '../../../integrations/ops/ops-client.ts';
import type { Store } from '../../../store/store.ts';
import { startTarget } from '../../integrations/ops/target.ts';
import type { Received, Target } from '../../integrations/ops/target.ts';
import { hashPlan } from '../../../core/safety/plan-hash.ts';
import { accepted, at, closing, plan, step } from '../../store/samples.ts';
import { catalogue } from '../../../tools/catalogue.ts';

/** One action before a real store, with a real client in front of a scripted target. */
export interface WriteWorld {
  readonly actionId: string;
  readonly planHash: string;
  readonly target: Target;
  /** The clock of the steps; starts a second after the proposal. */
  setClock(at: number): void;
  /** Lets the clock go on by so much whenever it is looked at. */
  setPace(ms: number): void;
  /** Lets the registry name another address than when the plan was frozen. */
  moveService(url: string): void;
  approve(): Promise<void>;
  /** Runs one step; its key is one within the action. */
  run<Name extends ActionStep>(
    name: Name,
    input: Omit<Parameters<Activities[Name]>[0], 'investigationId' | 'actionId' | 'planHash'>,
    attempt?: number,
  ): ReturnType<Activities[Name]>;
  state(): Promise<string | undefined>;
}

type ActionStep = Extract<keyof Activities, `action.${string}`>;

/** Failures are what these tests are about. */
const silent = new DefaultLogger('ERROR', () => undefined);
let count = 0;

/** Proposes an action against a target that answers as told. */
export async function openWriteWorld(
  store: Store,
  answer: (request: Received, response: ServerResponse) => void,
  grant: GrantCheck = { ok: false, because: 'it carries no grant' },
): Promise<WriteWorld> {
  count += 1;
  const [investigationId, actionId] = [`inv-write-${count}`, `act-write-${count}`];
  const target = await startTarget(answer);
  let clock = at + 1_000;
  let pace = 0;
  let ops = opsAt(target.url);
  await accepted(store, investigationId);
  const frozen = { ...plan(investigationId, actionId), url: `${target.url}/ops/rollback` };
  const planHash = hashPlan(frozen, sha256Hex);
  await store.steps.complete(step(investigationId, 'propose'), {
    ...closing('propose', actionId),
    writes: { proposeAction: { plan: frozen, planHash } },
  });
  const ids = { investigationId, actionId, planHash };
  return {
    ...{ actionId, planHash, target },
    setClock: (now) => {
      clock = now;
    },
    setPace: (ms) => {
      pace = ms;
    },
    moveService: (url) => {
      ops = opsAt(url);
    },
    approve: async () => {
      await store.actions.recordDecision({
        key: `${actionId}.decide.1`,
        actionId,
        at,
        signal: { actionId, planHash, decision: 'approve', reason: '' },
        person: 'ada',
        grantId: `grant-${actionId}`,
        accepted: true,
        because: 'granted',
      });
    },
    run: (name, input, attempt = 1) => {
      const activities = createActivities({
        store,
        catalogue,
        ops,
        model: null,
        useCase: () => Promise.reject(new Error('no telemetry is read here')),
        live: {
          begin: () => Promise.reject(new Error('no look is taken here')),
          use: () => Promise.reject(new Error('no telemetry is read here')),
        },
        readSlos: () => Promise.resolve([]),
        verifyGrant: () => Promise.resolve(grant),
        now: () => (clock += pace),
        peakMemoryBytes: () => 0,
        sha256Hex,
        newInvestigationId: () => 'inv-none',
      });
      const environment = new MockActivityEnvironment(
        { attempt, workflowExecution: { workflowId: actionId, runId: 'run-1' } },
        { logger: silent },
      );
      const activity = activities[name] as (given: unknown) => Promise<never>;
      const stepKey = `${actionId}.${input.stepKey}`;
      return environment.run(activity, { ...ids, ...input, stepKey }) as never;
    },
    state: async () => (await store.actions.get(actionId))?.state,
  };
}

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function opsAt(url: string) {
  const services = [{ name: 'payments', url, token: 'ops-secret-0123456789' }];
  return createOpsClient({ services, timeoutMs: 5_000 });
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
