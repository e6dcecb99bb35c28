import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { ensureGrantKeys, ensureToken } from '../../integrations/identity/index.ts';
import { writeFileAtomically } from '../write-file.ts';
import type { Book } from './keeper.ts';
import { superviseApi, superviseDatabase, superviseTemporal, superviseWorker } from './parts.ts';
import { programEnvironment, servicesFile } from './program-environment.ts';
import { registerAttributes } from './register-attributes.ts';
import type { Supervised } from './supervise.ts';

/** Preferred ports; a taken one falls forward. */
export interface StackPorts {
  readonly api: number;
  readonly temporal: number;
  readonly temporalUi: number;
  readonly postgres: number;
}

export const defaultPorts: StackPorts = {
  api: 8080,
  temporal: 7233,
  temporalUi: 8233,
  postgres: 15_432,
};

interface Start {
  readonly stateDir: string;
  readonly isWatched: boolean;
  readonly ports: StackPorts;
  readonly book: Book;
  /** Takes each part once it runs, so that it is stopped also when a later one fails. */
  readonly parts: Supervised[];
}

/**
 * Starts PostgreSQL and Temporal, unless DATABASE_URL and TEMPORAL_ADDRESS name running ones, then API and worker, and waits until the API is ready.
 * Rejects with the first failure, after all that was begun has been taken into `parts` or has failed too.
 */
export async function startParts(start: Start): Promise<void> {
  const { book, stateDir } = start;
  const tokenFile = await ensureToken(stateDir, osUser());
  const keys = await ensureGrantKeys(stateDir);
  if (!existsSync(servicesFile(stateDir))) {
    await writeFileAtomically(servicesFile(stateDir), '{"services":[]}\n', 0o600);
  }
  await allOf([startDatabase(start), startTemporal(start)]);
  const state = book.state();
  const env = programEnvironment(process.env, { stateDir, state, tokenFile, keys });
  await allOf([startWorker(start, env), startApi(start, env)]);
}

async function startWorker(start: Start, env: NodeJS.ProcessEnv): Promise<void> {
  const isPatient = start.isWatched;
  start.parts.push(await superviseWorker({ ...start.book.follow('worker'), env, isPatient }));
}

async function startApi(start: Start, env: NodeJS.ProcessEnv): Promise<void> {
  const isPatient = start.isWatched;
  const { part, apiUrl } = await superviseApi({
    ...start.book.follow('api'),
    env,
    isPatient,
    port: Number(process.env['HOLDFAST_PORT'] || start.ports.api),
  });
  start.parts.push(part);
  await start.book.note({ apiUrl });
}

function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? ''; // a uid without an entry, as in some containers
  }
}

async function startDatabase(start: Start): Promise<void> {
  const given = process.env['DATABASE_URL'];
  if (given !== undefined && given !== '') return start.book.note({ databaseUrl: given });
  const { part, databaseUrl } = await superviseDatabase({
    ...start.book.follow('postgres'),
    port: start.ports.postgres,
  });
  start.parts.push(part);
  await start.book.note({ databaseUrl });
}

async function startTemporal(start: Start): Promise<void> {
  const given = process.env['TEMPORAL_ADDRESS'];
  if (given !== undefined && given !== '') {
    await useTemporal(start, given);
    return;
  }
  const { part, address, uiUrl } = await superviseTemporal({
    ...start.book.follow('temporal'),
    port: start.ports.temporal,
    uiPort: start.ports.temporalUi,
  });
  start.parts.push(part);
  await start.book.note({ temporalAddress: address, temporalUiUrl: uiUrl });
}

/** A server of someone else's: what it lacks of ours is added, where it lets us. */
async function useTemporal(start: Start, address: string): Promise<void> {
  const { log } = start.book.follow('temporal');
  await registerAttributes(process.env).catch((error: unknown) =>
    log(`search attributes were not registered: ${String(error)}\n`),
  );
  await start.book.note({ temporalAddress: address });
}

/** Waits for all, then rejects with the first failure: a part that comes up after another has failed must still be stopped. */
async function allOf(works: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(works)) {
    if (result.status === 'rejected') throw result.reason;
  }
}
