import type { ActivityOptions } from '@temporalio/workflow';
import { taskQueues } from './messages.ts';

/**
 * Every activity option set there is. Each bounds the attempt and the retries, and every activity heartbeats on a timer, so that a dead worker is
 * noticed within `heartbeatTimeout` and its work goes on elsewhere within 20 s.
 */

const heartbeatTimeout = '10s';

/** Rides out an outage of the database or of a worker: some five minutes of trying. */
const steady = {
  initialInterval: '500ms',
  backoffCoefficient: 2,
  maximumInterval: '10s',
  maximumAttempts: 35,
} as const;

/** Tool calls: reads of telemetry and of `/ops/*`. What a backend refuses comes back as data; one whose quota is used up says when to ask again, and is asked twice more. */
export const readOptions = {
  taskQueue: taskQueues.read,
  startToCloseTimeout: '90s',
  heartbeatTimeout,
  retry: steady,
  cancellationType: 'TRY_CANCEL',
} satisfies ActivityOptions;

/** As reads, but whoever cancels learns what became of it: a plan that was frozen all the same has to be handed over. */
export const proposeOptions = {
  ...readOptions,
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
} satisfies ActivityOptions;

/** Reasoning and bookkeeping: code over stored digests. */
export const stepOptions = {
  startToCloseTimeout: '60s',
  heartbeatTimeout,
  retry: steady,
} satisfies ActivityOptions;

/** Steps that may ask a model. How often one is asked again is for the step to say, which has the last word without it. */
export const modelOptions = {
  taskQueue: taskQueues.model,
  startToCloseTimeout: '180s',
  heartbeatTimeout,
  retry: steady,
} satisfies ActivityOptions;

/** What is owed whatever happens: the report, and the record of what people decided and what a write did. A day of trying. */
export const owedOptions = {
  startToCloseTimeout: '60s',
  heartbeatTimeout,
  retry: { ...steady, maximumInterval: '90s', maximumAttempts: 1_000 },
} satisfies ActivityOptions;

/** An approved write to a target that honours idempotency keys: few attempts, then a read-back decides. */
export const sendOptions = {
  taskQueue: taskQueues.write,
  startToCloseTimeout: '30s',
  heartbeatTimeout,
  retry: {
    initialInterval: '1s',
    backoffCoefficient: 2,
    maximumInterval: '5s',
    maximumAttempts: 5,
  },
} satisfies ActivityOptions;

/** Asking what became of a write, with the credentials of the write: owed as well, since only its answer settles the action. */
export const readBackOptions = {
  ...owedOptions,
  taskQueue: taskQueues.write,
} satisfies ActivityOptions;
