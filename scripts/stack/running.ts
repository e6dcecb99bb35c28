import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { leash } from '../postgres/end.ts';
import type { Log } from './open-log.ts';

/** One life of a process. */
export interface Running {
  readonly pid: number;
  /** Resolves with how it ended, e.g. `signal SIGKILL`; never rejects. */
  readonly exited: Promise<string>;
  /** Kills it at once, as a crash would, and does not wait. */
  kill9(): void;
  /** Asks it to end, waits, and kills it when it does not. Resolves when it is gone; may be asked again. */
  stop(): Promise<void>;
}

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the process; nothing is added. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly log?: Log;
  /** Asked every 50 ms with the pid until it says yes; without one a process counts as ready when it was started. */
  readonly ready?: (pid: number) => Promise<boolean>;
  readonly readyTimeoutMs?: number;
  /** From SIGTERM to SIGKILL. */
  readonly graceMs?: number;
}

const pollMs = 50;
/** Of what a program said before it ended too early. */
const longestLastWords = 600;

/**
 * Starts a program in a process group of its own and waits until it is ready. It ends with this process, even when that is killed. Rejects, with nothing left running, when it ended, took longer
 * than `readyTimeoutMs` (60 s), or was called off by `signal`.
 */
export async function startCommand(
  name: string,
  command: Command,
  signal?: AbortSignal,
): Promise<Running> {
  let said = '';
  const log: Log = (chunk) => {
    said = (said + chunk.toString()).slice(-longestLastWords);
    command.log?.(chunk);
  };
  const running = launch(name, { ...command, log });
  const { ready, readyTimeoutMs = 60_000 } = command;
  if (ready === undefined) return running;
  let ended: string | null = null;
  void running.exited.then((how) => {
    ended = how;
  });
  const deadline = performance.now() + readyTimeoutMs;
  while (!(await ready(running.pid).catch(() => false))) {
    if (ended !== null) {
      throw new Error(`${name} ended before it was ready (${String(ended)}): ${said.trim()}`);
    }
    if (performance.now() > deadline || signal?.aborted === true) {
      await running.stop();
      throw new Error(`${name} was not ready after ${readyTimeoutMs} ms, or was called off`);
    }
    await pause(pollMs);
  }
  return running;
}

function launch(name: string, command: Command): Running {
  const child = spawn(command.command, command.args, {
    env: command.env,
    cwd: command.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const pid = child.pid ?? -1;
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit ${code}`));
  });
  const { log } = command;
  child.stdout.on('data', (chunk: Buffer) => log?.(chunk));
  child.stderr.on('data', (chunk: Buffer) => log?.(chunk));
  if (pid > 0) {
    const tie = leash(pid, []);
    void exited.then(() => tie.kill('SIGKILL'));
  }
  void exited.then((how) => log?.(`[${name} ${pid} ended: ${how}]\n`));
  const kill = (signal: NodeJS.Signals): void => signalGroup(pid, signal);
  return {
    pid,
    exited,
    kill9: () => kill('SIGKILL'),
    stop: async () => {
      kill('SIGTERM');
      const timer = setTimeout(() => kill('SIGKILL'), command.graceMs ?? 10_000);
      await exited;
      clearTimeout(timer);
      kill('SIGKILL'); // what it started and left behind
    },
  };
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  if (pid <= 0) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // the whole group is gone already
  }
}
