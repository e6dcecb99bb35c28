import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureGrantKeys } from '../../integrations/identity/grant-keys.ts';
import { ensureToken } from '../../integrations/identity/tokens.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { freePort } from '../../scripts/stack/free-port.ts';
import { somePort } from './some-port.ts';
import { openLog } from '../../scripts/stack/open-log.ts';
import { supervise } from '../../scripts/stack/supervise.ts';
import type { Supervised } from '../../scripts/stack/supervise.ts';
import type { Report } from '../../core/schemas/report.ts';
import type { ProgressEvent } from '../../core/schemas/progress.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { builtFile, bundleFile } from './built-product.ts';
import { createTestDatabase } from './database.ts';
import { openTestFolder } from './test-folder.ts';

/** The whole product as processes of their own: API and worker on a real PostgreSQL and a real Temporal server, each killed at will. */
export interface Line {
  readonly url: string;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly token: string;
  readonly stateDir: string;
  readonly store: Store;
  readonly api: Supervised;
  /** Null until `startWorker`. */
  readonly worker: () => Supervised | null;
  startWorker(): Promise<void>;
  stop(): Promise<void>;
}

export interface LineOptions {
  readonly temporalAddress: string;
  readonly databaseUrl?: string;
  readonly services?: readonly {
    readonly name: string;
    readonly url: string;
    readonly token: string;
  }[];
  readonly env?: Readonly<Record<string, string>>;
  /** What the worker alone is told otherwise. */
  readonly workerEnv?: Readonly<Record<string, string>>;
  /** False leaves the worker off until `startWorker`. */
  readonly hasWorker?: boolean;
}

export const incidentsDir = join(projectRoot(), 'examples', 'incidents');

/** Starts the line. Every process is of the built product, which global set-up has built. */
export async function startLine(options: LineOptions): Promise<Line> {
  const folder = openTestFolder('line');
  const stateDir = folder.open();
  const database = options.databaseUrl === undefined ? await createTestDatabase() : null;
  const databaseUrl = options.databaseUrl ?? database?.connectionString ?? '';
  const token = (await readFile(await ensureToken(stateDir, 'tester'), 'utf8')).trim();
  await ensureGrantKeys(stateDir);
  const registry = join(stateDir, 'services.json');
  await writeFile(registry, JSON.stringify({ services: options.services ?? [] }), { mode: 0o600 });
  const port = await freePort(somePort());
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: stateDir,
    NODE_OPTIONS: '',
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: options.temporalAddress,
    HOLDFAST_HOST: '127.0.0.1',
    HOLDFAST_PORT: String(port),
    HOLDFAST_STATE_DIR: stateDir,
    HOLDFAST_CASES: incidentsDir,
    HOLDFAST_SERVICES: registry,
    HOLDFAST_TOKENS_FILE: join(stateDir, 'tokens.json'),
    HOLDFAST_GRANT_PRIVATE_KEY_FILE: join(stateDir, 'grant-private.pem'),
    HOLDFAST_GRANT_PUBLIC_KEY_FILE: join(stateDir, 'grant-public.pem'),
    HOLDFAST_WORKFLOW_BUNDLE: bundleFile,
    LOG_LEVEL: 'warn',
    ...options.env,
  };
  const program = (name: string, changes: Readonly<Record<string, string>> = {}) => ({
    command: process.execPath,
    args: [builtFile(name)],
    cwd: projectRoot(),
    env: { ...env, ...changes },
    graceMs: 20_000,
  });
  const api = await supervise({
    name: 'api',
    log: openLog(join(stateDir, 'api.log')),
    ...program('api/server'),
    ready: async () => (await fetch(`${url}/health`)).ok,
  });
  let worker: Supervised | null = null;
  const startWorker = async (): Promise<void> => {
    const log = openLog(join(stateDir, 'worker.log'));
    worker = await supervise({ name: 'worker', log, ...program('worker', options.workerEnv) });
  };
  if (options.hasWorker !== false) await startWorker();
  const store = await openStore({ connectionString: databaseUrl, poolSize: 4 });
  return {
    url,
    databaseUrl,
    temporalAddress: options.temporalAddress,
    token,
    stateDir,
    store,
    api,
    worker: () => worker,
    startWorker,
    stop: async () => {
      await api.stop();
      await worker?.stop();
      await store.close();
      await database?.drop();
      folder.remove();
    },
  };
}

/** Polls until `look` gives something, at most `withinMs`; says `what` was waited for when it never came. */
export async function eventually<Value>(
  what: string,
  withinMs: number,
  look: () => Promise<Value | null | undefined | false>,
): Promise<Value> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const seen = await look().catch((error: unknown) => {
      if (Date.now() > deadline) throw error;
      return null;
    });
    if (seen !== null && seen !== undefined && seen !== false) return seen;
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Starts an investigation over HTTP and gives its id. */
export async function investigate(
  line: Pick<Line, 'url'>,
  request: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const response = await fetch(`${line.url}/api/v1/investigations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(request),
  });
  const body = (await response.json()) as { readonly id?: string };
  if (response.status !== 202 || body.id === undefined) {
    throw new Error(`investigation was answered ${response.status}: ${JSON.stringify(body)}`);
  }
  return body.id;
}

/** Waits for the report of an investigation. */
export function reportOf(line: Pick<Line, 'url'>, id: string, withinMs = 150_000): Promise<Report> {
  return eventually(`the report of ${id}`, withinMs, async () => {
    const response = await fetch(`${line.url}/api/v1/investigations/${id}/report`);
    return response.ok ? ((await response.json()) as Report) : null;
  });
}

/** All progress events so far. */
export function eventsOf(line: Pick<Line, 'store'>, id: string): Promise<readonly ProgressEvent[]> {
  return line.store.events.since(id, 0, 10_000);
}
