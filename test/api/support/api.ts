import { createHash, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { createApp } from '../../../api/create-app.ts';
import type { AppDependencies } from '../../../api/dependencies.ts';
import type { ApiMetrics } from '../../../api/metrics-port.ts';
import { createOutbox } from '../../../api/outbox.ts';
import { AppError } from '../../../core/errors.ts';
import { resolveCase } from '../../../integrations/duckdb/find-cases.ts';
import { noTracing } from '../../../core/tracing/no-tracing.ts';
import { readCase } from '../../../integrations/duckdb/read-case.ts';
import { createGrantSigner } from '../../../integrations/identity/sign-grant.ts';
import { createIdentifier } from '../../../integrations/identity/tokens.ts';
import { createGrantVerifier } from '../../../integrations/identity/verify-grant.ts';
import type { VerifyGrant } from '../../../integrations/identity/verify-grant.ts';
import { createApiMetrics } from '../../../integrations/opentelemetry/api-metrics.ts';
import { encodeReceipt, encodeStatus } from '../../../integrations/otlp/encode-response.ts';
import { createOtlpStore } from '../../../integrations/otlp/otlp-store.ts';
import { projectRoot } from '../../../scripts/project-root.ts';
import { migrate } from '../../../store/migrate.ts';
import { openStore } from '../../../store/open-store.ts';
import type { Store } from '../../../store/store.ts';
import { openTestFolder } from '../../support/test-folder.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createRecordingTemporal } from './recording-temporal.ts';
import type { RecordingTemporal } from './recording-temporal.ts';

export const casesFolder = join(projectRoot(), 'test', 'fixtures', 'cases');
export const dashboardDir = join(projectRoot(), 'test', 'fixtures', 'dashboard');
export const token = 'hf_of-ana';
const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface TestApi {
  readonly server: Server;
  readonly url: string;
  readonly store: Store;
  readonly temporal: RecordingTemporal;
  readonly verifyGrant: VerifyGrant;
  /** Everything that was logged, as written. */
  readonly log: () => string;
  readonly stop: AbortController;
  /** Where what it receives is kept. */
  readonly telemetryDir: string;
  close(): Promise<void>;
}

/** Serves the real API on a database of its own; Temporal is recorded. With `runs`, the outbox looks for what is left every 20 ms. */
export async function startTestApi(
  options: {
    readonly config?: Partial<AppDependencies['config']>;
    readonly runs?: boolean;
    readonly now?: () => number;
    readonly heartbeatMs?: number;
    readonly exportCase?: AppDependencies['exportCase'];
    readonly hasTelemetry?: AppDependencies['hasTelemetry'];
    readonly checkBackends?: AppDependencies['checkBackends'];
  } = {},
): Promise<TestApi> {
  const database = await createTestDatabase();
  await migrate(database.connectionString);
  const store = await openStore({ connectionString: database.connectionString, poolSize: 4 });
  const temporal = createRecordingTemporal();
  const stop = new AbortController();
  const lines: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const config = { ...standardConfig, ...options.config };
  const now = options.now ?? (() => Date.now());
  const metrics = createApiMetrics();
  const folder = openTestFolder('telemetry');
  const telemetryDir = join(folder.open(), 'telemetry');
  const otlp = openOtlp(telemetryDir, now, metrics);
  const { grantTtlMs } = config;
  const outbox = createOutbox({ store, temporal, logger, now, grantTtlMs, pauseMs: 20 });
  const app = createApp({
    ...{ config, dashboardDir, store, temporal, outbox, metrics, logger, now, sha256Hex },
    resolveCase: (reference, { allowPath }) => findCase(reference, allowPath),
    hasTelemetry: options.hasTelemetry ?? (() => Promise.resolve(false)),
    checkBackends: options.checkBackends ?? (() => Promise.resolve([])),
    exportCase: options.exportCase ?? (() => Promise.resolve(null)),
    otlp: { ...otlp, encodeReceipt, encodeStatus },
    tracing: noTracing,
    sweepSlos: () => Promise.resolve({ evaluated: 1, burning: 0, opened: [] }),
    identifyBearer: createIdentifier([{ person: 'ana', sha256: sha256Hex(token) }]),
    signGrant: createGrantSigner(privateKey),
    newInvestigationId: () => `inv-${randomBytes(6).toString('hex')}`,
    newGrantId: randomUUID,
    newSecret: () => randomBytes(32).toString('base64url'),
    stopping: stop.signal,
    ...(options.heartbeatMs === undefined ? {} : { heartbeatMs: options.heartbeatMs }),
  });
  const server = createServer(app);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const running = options.runs === true ? outbox.run(stop.signal) : Promise.resolve();
  return {
    ...{ server, store, temporal, stop, telemetryDir },
    url: `http://127.0.0.1:${port}`,
    verifyGrant: createGrantVerifier(publicKey),
    log: () => lines.join(''),
    close: async () => {
      stop.abort();
      await running;
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
      await otlp.close();
      folder.remove();
      await metrics.close();
      await store.close();
      await database.drop();
    },
  };
}

function openOtlp(dir: string, now: () => number, metrics: ApiMetrics) {
  return createOtlpStore({
    ...{ dir, now, retentionMs: 86_400_000, maxBytes: 1e9, pid: process.pid },
    events: {
      onCleaned: (signal, counts) => metrics.countTelemetry(signal, counts),
      onRemoved: () => undefined,
      onFailure: () => undefined,
    },
  });
}

const standardConfig: AppDependencies['config'] = {
  host: '127.0.0.1',
  allowedHosts: [],
  corsOrigins: [],
  temporalAddress: '127.0.0.1:7233',
  temporalNamespace: 'default',
  temporalUiUrl: 'http://127.0.0.1:8233/',
  grantTtlMs: 300_000,
  gcpWebhookToken: undefined,
  model: null,
  isModelRequired: false,
};

async function findCase(reference: string, allowPath: boolean) {
  const isPath = allowPath && reference.includes('/');
  const dir = isPath ? reference : await resolveCase({ folders: [casesFolder], name: reference });
  const { name, alert } = await readCase(dir);
  if (alert === undefined) throw new AppError('invalid.case', `${name} has no alert`);
  return { dir: resolve(dir), name, alert, title: alert.title };
}
