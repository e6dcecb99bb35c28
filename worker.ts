import { fileURLToPath } from 'node:url';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import { composeWorker } from './compose.ts';
import type { ComposedWorker } from './compose.ts';
import { errorPolicy, isAppError } from './core/errors.ts';
import { taskQueues } from './workflows/messages.ts';

/**
 * The worker process: polls every task queue, runs workflows from the prebuilt bundle and activities from what `compose.ts` hands it. It waits for
 * Temporal and PostgreSQL when they are away, and drains within a bound on SIGTERM.
 */
const composed = await composeOrExit();
const { config, logger, activities, watch } = composed;

const shutdownSignals = ['SIGTERM', 'SIGINT'] as const;
Runtime.install({
  shutdownSignals: [...shutdownSignals],
  logger: {
    log: (level, message, meta) => logger.debug({ level, meta }, message),
    trace: (message, meta) => logger.trace({ meta }, message),
    debug: (message, meta) => logger.debug({ meta }, message),
    info: (message, meta) => logger.debug({ meta }, message),
    warn: (message, meta) => logger.warn({ meta }, message),
    error: (message, meta) => logger.error({ meta }, message),
  },
});

// While it connects there is nothing to end in order, and no worker that the runtime could tell of the signal.
const leave = (): never => {
  logger.info({}, 'told to end while it starts');
  process.exit(0);
};
for (const signal of shutdownSignals) process.once(signal, leave);
const connection = await connect();
const common = {
  connection,
  namespace: config.temporalNamespace,
  identity: `holdfast-worker-${process.pid}`,
  shutdownGraceTime: '5s',
  shutdownForceTime: '15s',
  // Else the SDK keeps heartbeats back for most of their time-out, and a busy machine has two seconds left to deliver one.
  maxHeartbeatThrottleInterval: '3s',
  ...watch,
} satisfies Partial<WorkerOptions>;

const workers = await Promise.all([
  Worker.create({
    ...common,
    ...workflowCode(),
    taskQueue: taskQueues.main,
    activities,
    maxCachedWorkflows: 200,
    stickyQueueScheduleToStartTimeout: '5s',
    maxConcurrentActivityTaskExecutions: 20,
  }),
  Worker.create({
    ...common,
    taskQueue: taskQueues.read,
    activities,
    maxConcurrentActivityTaskExecutions: 8,
  }),
  Worker.create({
    ...common,
    taskQueue: taskQueues.model,
    activities,
    maxConcurrentActivityTaskExecutions: 16,
  }),
  Worker.create({
    ...common,
    taskQueue: taskQueues.write,
    activities,
    maxConcurrentActivityTaskExecutions: 4,
  }),
]);
for (const signal of shutdownSignals) process.off(signal, leave);
logger.info({ queues: Object.values(taskQueues), pid: process.pid }, 'worker ready');
try {
  await Promise.all(workers.map((worker) => worker.run()));
} finally {
  await connection.close();
  await composed.close();
}

/** A setting that is missing or wrong ends the process with what to do about it, and no stack trace. */
async function composeOrExit(): Promise<ComposedWorker> {
  try {
    return await composeWorker(process.env);
  } catch (error) {
    const policy = errorPolicy(isAppError(error) ? error.code : 'bug.invariant');
    const says = isAppError(error) ? `${error.code}: ${error.message}` : String(error);
    process.stderr.write(`holdfast-worker does not run: ${says}\n${policy.advice}\n`);
    process.exit(policy.exitCode);
  }
}

async function connect(): Promise<NativeConnection> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await NativeConnection.connect(composed.connection);
    } catch (error) {
      if (attempt % 10 === 1) logger.warn({ err: error, attempt }, 'waiting for Temporal');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

/** The bundle that the build made; from source, the bundler runs at start. */
function workflowCode(): Partial<WorkerOptions> {
  if (config.workflowBundle !== undefined) {
    return { workflowBundle: { codePath: config.workflowBundle } };
  }
  const sourceOf = (name: string): string =>
    fileURLToPath(new URL(`./workflows/${name}.ts`, import.meta.url));
  return {
    workflowsPath: sourceOf('index'),
    interceptors: { ...watch.interceptors, workflowModules: [sourceOf('interceptors')] },
  };
}
