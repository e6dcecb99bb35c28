import { join } from 'node:path';
import { startPostgres } from '../postgres.ts';
import { isBuilt, projectRoot } from '../project-root.ts';
import { temporalBinary } from '../temporal-binary.ts';
import { freePort } from './free-port.ts';
import type { Log } from './open-log.ts';
import type { Command, Running } from './running.ts';
import { supervise, superviseStart, type Supervised, type SuperviseOptions } from './supervise.ts';
import { startTemporal } from './temporal.ts';

/** What every part is started with: its log, and whom to tell when it starts and when it is given up. */
export type PartOptions = Omit<SuperviseOptions, 'name' | 'log'> & {
  readonly stateDir: string;
  readonly log: Log;
};

/** Starts PostgreSQL with its data under `stateDir`, and starts it again on the same port when it dies. */
export async function superviseDatabase(
  options: PartOptions,
): Promise<{ readonly part: Supervised; readonly databaseUrl: string }> {
  let databaseUrl = '';
  let port = await freePort(15_432);
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

/** Starts the Temporal development server with its database under `stateDir`, and starts it again on the same ports when it dies. */
export async function superviseTemporal(
  options: PartOptions & { readonly port: number; readonly uiPort: number },
): Promise<{ readonly part: Supervised; readonly address: string; readonly uiUrl: string }> {
  const { stateDir, log } = options;
  const { path: binary } = await temporalBinary({ stateDir, say: (line) => log(`${line}\n`) });
  const port = await freePort(options.port);
  const uiPort = await freePort(options.uiPort, [port]);
  const dbFile = join(stateDir, 'temporal.db');
  const part = await superviseStart({
    ...options,
    name: 'temporal',
    start: (signal) => startTemporal({ binary, dbFile, port, uiPort, log }, signal),
  });
  return { part, address: `127.0.0.1:${port}`, uiUrl: `http://127.0.0.1:${uiPort}` };
}

/** Starts one of our own programs: compiled where this code is, else from its source. */
export function superviseProgram(
  options: PartOptions & {
    readonly name: string;
    /** Path from the root of the project, without its extension, e.g. `api/server`. */
    readonly program: string;
    readonly env: NodeJS.ProcessEnv;
    readonly ready?: () => Promise<boolean>;
    readonly graceMs?: number;
  },
): Promise<Supervised> {
  return supervise({ ...options, ...programCommand(options.program) });
}

/** Gives the command line of one of our own programs. */
export function programCommand(program: string): Pick<Command, 'command' | 'args' | 'cwd'> {
  const cwd = projectRoot();
  const args = isBuilt()
    ? [join(cwd, 'dist', `${program}.js`)]
    : ['--import', 'tsx', join(cwd, `${program}.ts`)];
  return { command: process.execPath, args, cwd };
}
