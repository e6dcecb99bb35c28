import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const fastMs = 10_000;
const immediateMs = 5_000;
const lookMs = 20;

/** Ends a server: in good order (it cuts its sessions and writes a checkpoint), else at once, else by force. */
export async function endServer(pid: number): Promise<void> {
  if (!send(pid, 'SIGINT') || (await isGone(pid, fastMs))) return;
  if (!send(pid, 'SIGQUIT') || (await isGone(pid, immediateMs))) return;
  send(pid, 'SIGKILL');
  await isGone(pid, immediateMs);
}

/**
 * Ends the server that still runs on a data folder, if its starter died without it. A pid file whose number now belongs to another program
 * is made harmless: PostgreSQL takes any living process of that number for a server, but never the one that starts it. The file stays, for it
 * also guards the shared memory of a killed server.
 */
export async function endLeftover(dataDir: string): Promise<void> {
  const file = join(dataDir, 'postmaster.pid');
  const content = await readFile(file, 'utf8').catch(() => ''); // none: the last server ended in good order
  const [pidLine = '', ...rest] = content.split('\n');
  const pid = Number(pidLine);
  if (!Number.isInteger(pid) || pid <= 1 || !send(pid, 0)) return;
  if ((await commandLine(pid)).includes(dataDir)) return endServer(pid);
  await writeFile(file, [String(process.pid), ...rest].join('\n'));
}

/**
 * Ties a server to this process: when we end, even killed, a pipe closes and the small shell at its other end ends the server, and removes
 * the folder if one is given. Kill what is returned to untie.
 */
export function leash(pid: number, remove: readonly string[]): ChildProcess {
  const script =
    'read -r _; kill -INT "$0" 2>/dev/null; while kill -0 "$0" 2>/dev/null; do sleep 0.1; done; ' +
    'if [ $# -gt 0 ]; then rm -rf -- "$@"; fi';
  const shell = spawn('/bin/sh', ['-c', script, String(pid), ...remove], {
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.on('error', () => undefined); // without a shell the server outlives a killed starter; the next start ends it
  shell.stdin.on('error', () => undefined);
  shell.unref();
  return shell;
}

/** Gives the command line of a process; '' when it is gone. */
async function commandLine(pid: number): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ps(pid); // no /proc on this system
  }
}

async function ps(pid: number): Promise<string> {
  try {
    const args = ['-ww', '-o', 'command=', '-p', String(pid)];
    return (await promisify(execFile)('ps', args, { timeout: immediateMs })).stdout;
  } catch {
    return ''; // gone
  }
}

async function isGone(pid: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (send(pid, 0)) {
    if (performance.now() > deadline) return false;
    await pause(lookMs);
  }
  return true;
}

/** Sends a signal (0 only asks) and tells whether there was a process to take it. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false; // gone, or somebody else's
  }
}
