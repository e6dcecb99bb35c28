import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { prompts } from './agents/prompts.ts';
import { createActivities } from './activities/index.ts';
import type { LiveTelemetry } from './activities/dependencies.ts';
import type { ModelAccess } from './activities/model/use-model.ts';
import type { Activities } from './activities/index.ts';
import type { AppDependencies, ResolvedCase } from './api/dependencies.ts';
import type { ApiMetrics } from './api/metrics-port.ts';
import { readApiConfig, readWorkerConfig } from './config/read-config.ts';
import type { Window } from './core/schemas/primitives.ts';
import type { ApiConfig, Environment, TracingConfig, WorkerConfig } from './config/read-config.ts';
import type { Tracing } from './core/ports/tracing.ts';
import { openTemporalAccess } from './core/temporal-connection.ts';
import type { TemporalConnection } from './core/temporal-connection.ts';
import { noTracing } from './core/tracing/no-tracing.ts';
import { traceModel } from './core/tracing/trace-model.ts';
import type { ModelConfig } from './config/model-config.ts';
import { priceOf } from './core/reliability/cost/model-price.ts';
import { createCaseShelf } from './integrations/duckdb/case-shelf.ts';
import type { CaseShelf } from './integrations/duckdb/case-shelf.ts';
import { findChanges } from './integrations/duckdb/find-changes.ts';
import { resolveCase } from './integrations/duckdb/find-cases.ts';
import { readCase } from './integrations/duckdb/read-case.ts';
import { createGoogleLooks } from './integrations/google/google-looks.ts';
import { readGrantPrivateKey, readGrantPublicKey } from './integrations/identity/grant-keys.ts';
import { createGrantSigner } from './integrations/identity/sign-grant.ts';
import { createIdentifier, readTokens } from './integrations/identity/tokens.ts';
import { createGrantVerifier } from './integrations/identity/verify-grant.ts';
import { createLogger } from './integrations/logging/create-logger.ts';
import type { Logger } from './integrations/logging/create-logger.ts';
import { encodeReceipt, encodeStatus } from './integrations/otlp/encode-response.ts';
import { createExportCase } from './integrations/otlp/export-case.ts';
import { listKeptSegments } from './integrations/otlp/kept-segments.ts';
import { createOtlpStore } from './integrations/otlp/otlp-store.ts';
import type { OtlpStore } from './integrations/otlp/otlp-store.ts';
import { createSnapshots } from './integrations/otlp/snapshots.ts';
import type { Snapshots } from './integrations/otlp/snapshots.ts';
import { readOpenSlo } from './integrations/openslo/read-openslo.ts';
import { createOpsClient } from './integrations/ops/ops-client.ts';
import { readServices } from './integrations/ops/read-services.ts';
import { createApiMetrics } from './integrations/opentelemetry/api-metrics.ts';
import type { RunningTracing } from './integrations/opentelemetry/start-tracing.ts';
import { createFinder } from './integrations/re2js/create-finder.ts';
import { ensureSweepSchedule, sweepOnce } from './integrations/temporal/sweep-schedule.ts';
import type { SweepSchedule } from './integrations/temporal/sweep-schedule.ts';
import { createTemporalClient } from './integrations/temporal/temporal-client.ts';
import type { TemporalClient } from './integrations/temporal/temporal-client.ts';
import { traceStarts } from './integrations/temporal/trace-starts.ts';
import { watchWorker } from './integrations/temporal/watch-worker.ts';
import type { WorkerWatch } from './integrations/temporal/watch-worker.ts';
import { migrate } from './store/migrate.ts';
import { openStore } from './store/open-store.ts';
import type { Store } from './store/store.ts';
import { waitForDatabase } from './store/wait-for-database.ts';
import { catalogue } from './tools/catalogue.ts';
import { investigationStart } from './workflows/investigation-start.ts';
import {
  decideActionSignal,
  taskQueues,
  traceHeader,
  workflowTypes,
} from './workflows/messages.ts';
import type { FrozenModel } from './workflows/messages.ts';

/** Most that a model may say at once. */
const maxOutputTokens = 4_096;
/** Cases held open at once; each holds what has been read of it in memory. */
const openCases = 4;
/** Between looks for snapshots of received telemetry that are to go. */
const roomEveryMs = 600_000;
/** A database that is away when a process starts is waited for this long. */
const databaseWaitMs = 300_000;
/** Between tries to reach Temporal for the schedule of sweeps. */
const scheduleRetryMs = 2_000;

/** What the worker process is given. */
export interface ComposedWorker {
  readonly config: WorkerConfig;
  readonly logger: Logger;
  readonly activities: Activities;
  readonly watch: WorkerWatch;
  /** How Temporal is connected to. */
  readonly connection: TemporalConnection<Buffer> & { readonly address: string };
  close(): Promise<void>;
}

/** Turns the environment into everything the worker needs. Rejects with `invalid.config` for a setting that is missing or wrong. */
export async function composeWorker(env: Environment): Promise<ComposedWorker> {
  const config = readWorkerConfig(env);
  const { logger, tracing } = await openWatch(config, 'holdfast-worker');
  const publicKey = await readGrantPublicKey(config.grantPublicKeyFile);
  const access = await openTemporalAccess(config.temporalAccess, (file) => readFile(file));
  const services = config.servicesFile === undefined ? [] : await readServices(config.servicesFile);
  await waitForDatabase(config.databaseUrl, { timeoutMs: databaseWaitMs });
  await migrate(config.databaseUrl);
  const store = await openStore({
    connectionString: config.databaseUrl,
    poolSize: config.databasePoolSize,
  });
  const shelf = createCaseShelf({ max: openCases });
  const live = openLiveTelemetry(config, shelf);
  const activities = createActivities({
    store,
    catalogue,
    live: live.looks,
    ops: createOpsClient({ services }),
    model: config.model === null ? null : await openModel(config.model, tracing),
    useCase: (dir, work) => shelf.use(dir, work),
    verifyGrant: createGrantVerifier(publicKey),
    readSlos: readOpenSlo,
    now: () => Date.now(),
    peakMemoryBytes: () => process.resourceUsage().maxRSS * 1_024,
    sha256Hex,
    newInvestigationId,
  });
  return {
    config,
    logger,
    activities,
    connection: { address: config.temporalAddress, ...access },
    watch: watchWorker({ tracing, logger, header: traceHeader }),
    close: async () => {
      await live.close();
      await shelf.close();
      await store.close();
      await tracing.close();
    },
  };
}

/** As OpenTelemetry's conventions tell Google's two ways to Gemini apart. */
const spanProviders = { key: 'gcp.gemini', vertex: 'gcp.vertex_ai' } as const;

/** Loads the client of a model only where there is to be one. */
async function openModel(config: ModelConfig, tracing: Tracing): Promise<ModelAccess> {
  const { createGemini } = await import('./integrations/gemini/create-gemini.ts');
  const { name, access, baseUrl, thinking, price, maskPatterns, ...rest } = config;
  const model = createGemini({
    ...{ access, model: name, thinking },
    ...(baseUrl !== undefined && { baseUrl }),
  });
  return {
    ...rest,
    findMasked: createFinder('HOLDFAST_MASK_PATTERNS', maskPatterns),
    model: traceModel(model, tracing, spanProviders[access.kind]),
    price: priceOf(name, price),
  };
}

/** What the API process is given; `parts` is what its routes work with. */
export interface ComposedApi {
  readonly config: ApiConfig;
  readonly logger: Logger;
  readonly parts: Omit<
    AppDependencies,
    'config' | 'dashboardDir' | 'logger' | 'outbox' | 'stopping'
  >;
  close(): Promise<void>;
}

/**
 * Turns the environment into everything the API needs. Waits for PostgreSQL; Temporal is connected to when it is first asked for something. Rejects with
 * `invalid.config`.
 */
export async function composeApi(env: Environment): Promise<ComposedApi> {
  const config = readApiConfig(env);
  const { logger, tracing } = await openWatch(config, 'holdfast-api');
  const privateKey = await readGrantPrivateKey(config.grantPrivateKeyFile);
  const tokens = config.tokensFile === undefined ? [] : await readTokens(config.tokensFile);
  await waitForDatabase(config.databaseUrl, { timeoutMs: databaseWaitMs });
  await migrate(config.databaseUrl);
  const store = await openStore({
    connectionString: config.databaseUrl,
    poolSize: config.databasePoolSize,
    logger,
  });
  const model = await freezeModel(config, store);
  const temporal = await reachTemporal(config, model, tracing);
  const metrics = createApiMetrics();
  const otlp = openTelemetryStore(config, { logger, metrics });
  const snapshots = openSnapshots(config);
  const room = keepRoom(snapshots, logger);
  const google = config.google === null ? null : createGoogleLooks(config.google);
  const sweep = sweepOf(config);
  const scheduled = scheduleSweeps(temporal.client, sweep, logger);
  return {
    config,
    logger,
    parts: {
      store,
      temporal,
      sweepSlos: () => sweepOnce(temporal.client, randomUUID(), sweep),
      resolveCase: (reference, { allowPath }) =>
        findRequestedCase(config.caseFolders, reference, allowPath),
      hasTelemetry: (window) => hasTelemetry(config, window),
      checkBackends: (signal) => google?.verify(Date.now(), signal) ?? Promise.resolve([]),
      exportCase: createExportCase(snapshots, randomUUID),
      otlp: { ...otlp, encodeReceipt, encodeStatus },
      identifyBearer: createIdentifier(tokens),
      signGrant: createGrantSigner(privateKey),
      sha256Hex,
      newInvestigationId,
      newGrantId: randomUUID,
      newSecret: () => randomBytes(32).toString('base64url'),
      now: () => Date.now(),
      metrics,
      tracing,
    },
    close: async () => {
      scheduled.abort();
      clearInterval(room);
      await google?.close();
      await otlp.close();
      await temporal.close();
      await store.close();
      await metrics.close();
      await tracing.close();
    },
  };
}

/** Each tells the other something: lines bear the ids of spans, and what goes wrong with spans is a line. */
async function openWatch(
  config: Pick<WorkerConfig, 'tracing' | 'logLevel'>,
  name: string,
): Promise<{ readonly logger: Logger; readonly tracing: RunningTracing }> {
  let current: Tracing['current'] = noTracing.current;
  const logger = createLogger({ name, level: config.logLevel, current: () => current() });
  const warn = (message: string): void => logger.warn({ says: message }, 'tracing');
  const tracing = await openTracing(config.tracing, name, warn);
  ({ current } = tracing);
  return { logger, tracing };
}

/** Loads what traces a process only where it is to be traced. */
async function openTracing(
  config: TracingConfig,
  serviceName: string,
  warn: (message: string) => void,
): Promise<RunningTracing> {
  if (config === null) return { ...noTracing, close: () => Promise.resolve() };
  const { startTracing } = await import('./integrations/opentelemetry/start-tracing.ts');
  if (config.agent === null) return startTracing({ ...config, serviceName, warn });
  const { startTraceAgent } = await import('./integrations/trace-agent/start-trace-agent.ts');
  const agent = startTraceAgent({ ...config.agent, serviceName });
  const onEnded: typeof agent.write = (span) => agent.write(span);
  const tracing = startTracing({ ...config, serviceName, warn, onEnded });
  const close = async (): Promise<void> => {
    await tracing.close();
    agent.close();
  };
  return { ...tracing, close };
}

async function reachTemporal(
  config: ApiConfig,
  model: FrozenModel | null,
  tracing: Tracing,
): Promise<TemporalClient> {
  return createTemporalClient({
    address: config.temporalAddress,
    access: await openTemporalAccess(config.temporalAccess, (file) => readFile(file)),
    namespace: config.temporalNamespace,
    identity: `holdfast-api-${process.pid}`,
    interceptors: [traceStarts(tracing, traceHeader)],
    investigationStart: (row) => investigationStart(row, { ...config, model }),
    decisionSignalName: decideActionSignal.name,
  });
}

/** Keeps the prompts as they are now: runs that begin with them go on with them, whatever becomes of the files. */
async function freezeModel(config: ApiConfig, store: Store): Promise<FrozenModel | null> {
  const { model, isModelRequired, promptFile } = config;
  if (model === null) return null;
  const house =
    promptFile === undefined ? '' : `${(await readFile(promptFile, 'utf8')).trim()}\n\n`;
  const texts = Object.entries(prompts).map(([name, { text }]) => [name, house + text] as const);
  for (const [, text] of texts) await store.modelCalls.keepPrompt(sha256Hex(text), text);
  const hashes = texts.map(([name, text]) => [name, sha256Hex(text)] as const);
  return {
    ...model,
    prompts: Object.fromEntries(hashes) as FrozenModel['prompts'],
    maxOutputTokens,
    isRequired: isModelRequired,
  };
}

function sweepOf({ sloTargets, sweepEveryMs }: ApiConfig): SweepSchedule {
  return {
    targets: sloTargets.map(({ file, folder }) => ({
      sloFile: resolve(file),
      caseDir: resolve(folder),
    })),
    everyMs: sweepEveryMs,
    workflowType: workflowTypes.sweep,
    taskQueue: taskQueues.main,
  };
}

/** Brings the schedule of sweeps up to date as soon as Temporal answers; without targets there is nothing to schedule. */
function scheduleSweeps(
  client: TemporalClient['client'],
  sweep: SweepSchedule,
  logger: Logger,
): AbortController {
  const stop = new AbortController();
  const untilDone = async (): Promise<void> => {
    while (sweep.targets.length > 0 && !stop.signal.aborted) {
      try {
        await ensureSweepSchedule(client, sweep);
        return;
      } catch (error) {
        logger.warn({ err: error }, 'the schedule of SLO sweeps waits for Temporal');
      }
      await pause(scheduleRetryMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  void untilDone();
  return stop;
}

/** Finds a case by its name or, where that is allowed, by a path, and reads what it says of itself. */
async function findRequestedCase(
  folders: readonly string[],
  reference: string,
  allowPath: boolean,
): Promise<ResolvedCase> {
  const isPath = allowPath && (reference.includes('/') || reference.startsWith('.'));
  const dir = isPath ? resolve(reference) : await resolveCase({ folders, name: reference });
  const { name, alert } = await readCase(dir);
  return { dir: resolve(dir), name, alert, title: alert.title };
}

/** Whether a project of Google Cloud has any is found out by looking. */
async function hasTelemetry(config: ApiConfig, window: Window): Promise<boolean> {
  if (config.google !== null) return true;
  return (await listKeptSegments(telemetryFolder(config), window)).length > 0;
}

/** Gives what investigations without a case look at: a project of Google Cloud, or snapshots of what was received. */
function openLiveTelemetry(
  config: WorkerConfig,
  shelf: CaseShelf,
): { readonly looks: LiveTelemetry; readonly close: () => Promise<void> } {
  if (config.google !== null) {
    const looks = createGoogleLooks(config.google);
    return { looks, close: looks.close };
  }
  const snapshots = openSnapshots(config);
  return {
    looks: {
      begin: async (investigationId, subject) => {
        const { window, segments } = await snapshots.take(investigationId, subject);
        return { window, text: `${segments} segments` };
      },
      use: (investigationId, _latest, work) => shelf.use(snapshots.dirOf(investigationId), work),
    },
    close: () => Promise.resolve(),
  };
}

function openSnapshots(config: KeepsTelemetry): Snapshots {
  return createSnapshots({
    folder: join(stateFolder(config), 'snapshots'),
    telemetryFolder: telemetryFolder(config),
    limits: config.telemetryLimits,
    findChanges,
    now: () => Date.now(),
    newName: randomUUID,
  });
}

/** Snapshots that are too old go also where nobody asks for another. */
function keepRoom(snapshots: Snapshots, logger: Logger): NodeJS.Timeout {
  const makeRoom = (): void => {
    snapshots
      .makeRoom()
      .catch((error: unknown) => logger.warn({ err: error }, 'old snapshots cannot be removed'));
  };
  makeRoom();
  return setInterval(makeRoom, roomEveryMs).unref();
}

/** Keeps what is received where live investigations look for it. */
function openTelemetryStore(
  config: ApiConfig,
  { logger, metrics }: { readonly logger: Logger; readonly metrics: ApiMetrics },
): OtlpStore {
  const { maxAgeMs, maxBytes } = config.telemetryLimits;
  return createOtlpStore({
    ...{ dir: telemetryFolder(config), retentionMs: maxAgeMs, maxBytes, pid: process.pid },
    now: () => Date.now(),
    events: {
      onCleaned: (signal, counts) => metrics.countTelemetry(signal, counts),
      onRemoved: (removed) => {
        for (const { because, bytes } of removed) metrics.countRemoved(because, bytes);
        logger.info({ removed }, 'old telemetry was removed');
      },
      onFailure: (error) => logger.warn({ err: error }, 'old telemetry cannot be removed'),
    },
  });
}

type HasStateDir = Pick<WorkerConfig, 'stateDir'>;
type KeepsTelemetry = Pick<WorkerConfig, 'stateDir' | 'telemetryLimits'>;

function stateFolder({ stateDir = '.holdfast' }: HasStateDir): string {
  return resolve(stateDir);
}

/** Where what was received is kept; API and worker share it. */
function telemetryFolder(config: HasStateDir): string {
  return join(stateFolder(config), 'telemetry');
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Ids sort by time of creation, which makes them easy to find in lists. */
function newInvestigationId(): string {
  return `inv-${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`;
}
