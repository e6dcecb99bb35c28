import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** How long a file that a process makes and fills, or makes and removes, in one go may stand before its maker counts as dead. */
const momentMs = 5_000;

/**
 * Names a process so that a reused pid is not taken for it: pid and, where the system tells, the instant it was started.
 * @param {number} pid
 */
export function processMark(pid) {
  return `${pid}:${startedAt(pid)}`;
}

/**
 * Tells whether the process of a mark still runs. An unreadable mark counts as dead.
 * @param {string} mark
 */
export function isAlive(mark) {
  const [pidText = '', started = ''] = mark.trim().split(':');
  const pid = Number(pidText);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCode(error) !== 'EPERM') return false; // not ours, but there
  }
  const now = startedAt(pid);
  return now !== 'dead' && (started === '' || now === '' || now === started);
}

/**
 * Gives the start of a process in the kernel's ticks; '' where the system does not tell, 'dead' for one that only waits to be reaped.
 * @param {number} pid
 */
function startedAt(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in brackets and may hold spaces: count from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? 'dead' : (fields[19] ?? '');
  } catch {
    return ''; // no /proc on this system: the pid alone has to do
  }
}

/**
 * Runs `work` while holding the lock file at `path`, across processes. A holder that died loses the lock. Rejects when it was not to be
 * had within `timeoutMs`, with the pid of its holder in the message.
 * @template T
 * @param {string} path
 * @param {() => Promise<T> | T} work
 * @param {{ timeoutMs?: number, onWait?: (holder: string) => void }} [options]
 * @returns {Promise<T>}
 */
export async function withLock(path, work, { timeoutMs = 60_000, onWait } = {}) {
  mkdirSync(dirname(path), { recursive: true });
  const mark = processMark(process.pid);
  const deadline = performance.now() + timeoutMs;
  let told = false;
  while (!createNew(path, mark)) {
    const holder = read(path);
    if (holder !== null && isAbandoned(path, holder)) breakLock(path, holder);
    if (!told && holder !== null) onWait?.(holder);
    told = true;
    if (performance.now() > deadline) {
      throw new Error(`${path} is held by process ${holder ?? '?'} for ${timeoutMs} ms`);
    }
    await pause(25 + Math.random() * 50);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/**
 * Gives the system's code of a thrown value, e.g. ENOENT. Not by `instanceof`: errors may come from another realm.
 * @param {unknown} error
 */
export function errorCode(error) {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

/** @param {string} path @param {string} content */
function createNew(path, content) {
  try {
    writeFileSync(path, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null; // released between two looks
  }
}

/** @param {string} path @param {string} holder */
function isAbandoned(path, holder) {
  return holder === '' ? ageMs(path) > momentMs : !isAlive(holder);
}

/** @param {string} path */
function ageMs(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? 0 : Date.now() - stat.mtimeMs;
}

/**
 * Removes a dead holder's lock. Only one process may do so at a time, or the second would remove the lock that the first has just won.
 * @param {string} path
 * @param {string} holder
 */
function breakLock(path, holder) {
  const breaker = `${path}.break`;
  if (!createNew(breaker, String(process.pid))) {
    if (ageMs(breaker) > momentMs) rmSync(breaker, { force: true });
    return;
  }
  if (read(path) === holder) rmSync(path, { force: true });
  rmSync(breaker, { force: true });
}
