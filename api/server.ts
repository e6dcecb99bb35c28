import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { composeApi } from '../compose.ts';
import type { ComposedApi } from '../compose.ts';
import { errorPolicy, isAppError } from '../core/errors.ts';
import { createApp } from './create-app.ts';
import { codeOf, listen, listenOn } from './listen.ts';
import { createOtlpApp } from './otlp/create-otlp-app.ts';
import type { AppDependencies } from './dependencies.ts';
import { createOutbox } from './outbox.ts';

/** What is still being answered then is cut off. */
const closeMs = 5_000;
/** Longer than proxies keep idle connections, so that it is they who close them. */
const keepAliveMs = 65_000;
const timeouts = { requestTimeout: 30_000, keepAliveTimeout: keepAliveMs };
/** Compiled, this file lies beside the pages; from its source it serves those that were built last. */
const builtPages = import.meta.filename.endsWith('.ts') ? '../dist/web' : '../web';
const dashboardDir = join(import.meta.dirname, builtPages);

async function serve(composed: ComposedApi): Promise<void> {
  const { config, logger, parts } = composed;
  const stop = stopSignal();
  const outbox = createOutbox({ ...parts, logger, grantTtlMs: config.grantTtlMs });
  const deps = { ...parts, config, dashboardDir, logger, outbox, stopping: stop };
  const server = createServer(timeouts, createApp(deps));
  const url = await listen(server, config);
  const note = config.stateDir === undefined ? null : join(config.stateDir, 'api.json');
  if (note !== null) await writeFile(note, `${JSON.stringify({ url, pid: process.pid })}\n`);
  const intake = await listenForOtlp(composed, deps);
  logger.info({ url, pid: process.pid }, 'api ready');
  await outbox.run(stop);
  await Promise.all([closeServer(server), intake === null ? null : closeServer(intake)]);
  if (note !== null) await rm(note, { force: true });
  logger.info('api stopped');
}

/** Takes OTLP on a second port where that is free; whoever listens there already was first. */
async function listenForOtlp(
  { config, logger }: ComposedApi,
  deps: AppDependencies,
): Promise<Server | null> {
  const port = config.otlpPort;
  if (port === 0) return null;
  const server = createServer(timeouts, createOtlpApp(deps));
  try {
    await listenOn(server, config.host.replace(/^\[(.*)\]$/, '$1'), port);
    logger.info({ port }, 'OTLP is taken on a port of its own too');
    return server;
  } catch (error) {
    logger.info({ port, code: codeOf(error) }, 'OTLP is taken on the port of the API only');
    return null;
  }
}

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort());
  return stop.signal;
}

/** Lets answers under way be finished; streams end by themselves. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), closeMs);
  await closed;
  clearTimeout(late);
}

/**
 * The API process: waits for PostgreSQL, serves whether Temporal is there or not, brings to Temporal what is left in the outbox, and ends within seconds on
 * SIGTERM. The URL is logged, and written to `api.json` in the state folder where there is one.
 */
async function main(): Promise<void> {
  const composed = await composeApi(process.env);
  try {
    await serve(composed);
  } finally {
    await composed.close();
  }
}

try {
  await main();
} catch (error) {
  const policy = errorPolicy(isAppError(error) ? error.code : 'bug.invariant');
  const says = isAppError(error) ? `${error.code}: ${error.message}` : String(error);
  process.stderr.write(`holdfast-api does not run: ${says}\n${policy.advice}\n`);
  process.exitCode = policy.exitCode;
}
