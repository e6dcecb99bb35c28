import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from '../../core/schemas/z.ts';
import { startPostgres } from '../postgres.ts';
import { isBuilt, projectRoot } from '../project-root.ts';
import { temporalBinary } from '../temporal-binary.ts';
import { freePort } from './free-port.ts';
import type { Log } from './open-log.ts';
import { startCommand, type Command, type Running } from './running.ts';
import { supervise, superviseStart, type Supervised, type SuperviseOptions } from './supervise.ts';
import { startTemporal } from './temporal.ts';

/** What every part is started with: its log, and whom to tell when it starts and when it is given up. */
export type PartOptions = Omit<SuperviseOptions, 'name' | 'log'> & {
  readonly stateDir: string;
  readonly log: Log;
};

/** Starts PostgreSQL with its data under `stateDir`, and starts it again on the same port when it dies. */
export async function superviseDatabase(
  options: PartOptions & { readonly port: number },
): Promise<{ readonly part: Supervised; readonly databaseUrl: string }> {
  let databaseUrl = '';
  let port = await freePort(options.port);
  const start = async (): Promise<Running> => {
    const server = await startPostgres({
      dataDir: join(options.stateDir, 'postgres'),
      port,
      persistent: true,
      tell: (line) => options.log(`${line}\n`),
    });
    if (databaseUrl !== '' && server.port !== port) {
      await server.stop(); // those who use it know the old one
      throw new Error(`port ${port} is taken by another program`);
    }
    ({ port, connectionString: databaseUrl } = server);
    return {
      pid: server.pid,
      exited: server.exited.then(() => 'it is gone'),
      kill9: () => process.kill(server.pid, 'SIGKILL'),
      stop: server.stop,
    };
  };
  const part = await superviseStart({ ...options, name: 'postgres', start });
  return { part, databaseUrl };
}

/**
 * Starts the Temporal development server with its database under `stateDir`, and starts it again on the same ports when it dies. Should a port be taken
 * between the look and the start, the next try takes another.
 */
export async function superviseTemporal(
  options: PartOptions & { readonly port: number; readonly uiPort: number },
): Promise<{ readonly part: Supervised; readonly address: string; readonly uiUrl: string }> {
  const { stateDir, log } = options;
  const { path: binary } = await temporalBinary({ stateDir, say: (line) => log(`${line}\n`) });
  const dbFile = join(stateDir, 'temporal.db');
  let { port, uiPort } = options;
  let isSettled = false;
  const start = async (signal: AbortSignal): Promise<Running> => {
    if (!isSettled) {
      port = await freePort(options.port);
      uiPort = await freePort(options.uiPort, [port]);
    }
    const running = await startTemporal({ binary, dbFile, port, uiPort, log }, signal);
    isSettled = true;
    return running;
  };
  const part = await superviseStart({ ...options, name: 'temporal', start });
  return { part, address: `127.0.0.1:${port}`, uiUrl: `http://127.0.0.1:${uiPort}` };
}

/** Starts the worker: compiled where this code is, else from its source. */
export function superviseWorker(
  options: PartOptions & { readonly env: NodeJS.ProcessEnv },
): Promise<Supervised> {
  return supervise({ ...options, name: 'worker', graceMs: 20_000, ...programCommand('worker') });
}

/**
 * Starts the API, likewise, and starts it again on the same port when it dies. It takes the first free port from `port` on and says in `api.json` which;
 * with its pid there, no other program on a port is taken for it.
 */
export async function superviseApi(
  options: PartOptions & { readonly env: NodeJS.ProcessEnv; readonly port: number },
): Promise<{ readonly part: Supervised; readonly apiUrl: string }> {
  const program = join('api', 'server');
  let apiUrl = '';
  const isReady = async (pid: number): Promise<boolean> => {
    const note = noteSchema.parse(
      JSON.parse(await readFile(join(options.stateDir, 'api.json'), 'utf8')),
    );
    if (note.pid !== pid || (apiUrl !== '' && note.url !== apiUrl)) return false;
    const response = await fetch(`${note.url}/ready`, { signal: AbortSignal.timeout(2_000) });
    if (response.ok) apiUrl = note.url;
    return response.ok;
  };
  const start = (signal: AbortSignal): Promise<Running> => {
    const port = apiUrl === '' ? String(options.port) : new URL(apiUrl).port;
    const env = { ...options.env, HOLDFAST_PORT: port };
    return startCommand(
      'api',
      { ...options, ...programCommand(program), env, ready: isReady },
      signal,
    );
  };
  const part = await superviseStart({ ...options, name: 'api', start });
  return { part, apiUrl };
}

const noteSchema = z.object({ url: z.string(), pid: z.int() });

/** Gives the command line of one of our own programs. */
export function programCommand(program: string): Pick<Command, 'command' | 'args' | 'cwd'> {
  const cwd = projectRoot();
  const args = isBuilt()
    ? [join(cwd, 'dist', `${program}.js`)]
    : ['--import', 'tsx', join(cwd, `${program}.ts`)];
  return { command: process.execPath, args, cwd };
}
