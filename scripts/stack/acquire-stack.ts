import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../core/errors.ts';
import { isAlive, withLock } from '../lock.js';
import type { KeeperOptions } from './keeper.ts';
import { programCommand } from './parts.ts';
import {
  countLeases,
  readStackState,
  stackPaths,
  takeLease,
  type StackState,
} from './stack-state.ts';

export interface Stack {
  readonly apiUrl: string;
  readonly temporalAddress: string;
  /** Null when the Temporal server is not ours. */
  readonly temporalUiUrl: string | null;
  readonly databaseUrl: string;
  /**
   * Gives the stack back. The last one out waits until everything has stopped. May be called again.
   */
  release(): Promise<void>;
}

const lookMs = 50;
const startTimeoutMs = 900_000;
const stopTimeoutMs = 60_000;

/**
 * Gives the local stack: the running one of this state folder, or a new one. Any number of processes share it, and it runs until the last has released
 * it or died. `onStarting` is called when this process has to start it. Rejects with `unavailable.install` when it cannot be started, with the
 * place of the logs.
 */
export async function acquireStack(
  options: KeeperOptions & { readonly onStarting?: () => void },
): Promise<Stack> {
  const { stateDir } = options;
  const deadline = performance.now() + startTimeoutMs;
  const giveBack = await join(options, deadline);
  try {
    const state = await untilReady(stateDir, deadline);
    return {
      apiUrl: state.apiUrl,
      temporalAddress: state.temporalAddress,
      temporalUiUrl: state.temporalUiUrl,
      databaseUrl: state.databaseUrl,
      release: async () => {
        giveBack();
        await untilStopped(stateDir);
      },
    };
  } catch (error) {
    giveBack();
    throw error;
  }
}

/** Takes a lease on the running stack, or starts one. Gives the way to give the lease back. */
async function join(
  options: KeeperOptions & { readonly onStarting?: () => void },
  deadline: number,
): Promise<() => void> {
  const { stateDir } = options;
  for (;;) {
    const joined = await withLock(stackPaths.lock(stateDir), async () => {
      const state = readStackState(stateDir);
      const isKept = state !== null && isAlive(state.keeper);
      if (isKept && (state.status === 'stopping' || state.status === 'failed')) return null;
      const giveBack = takeLease(stateDir);
      if (isKept) return giveBack;
      options.onStarting?.();
      if (state !== null) await clearAway(state);
      await spawnKeeper(options, state);
      return giveBack;
    });
    if (joined !== null) return joined;
    if (performance.now() > deadline) throw notStarted(stateDir, 'the old stack does not stop');
    await pause(lookMs);
  }
}

/** Ends what a keeper that was killed has left running. */
async function clearAway(state: StackState): Promise<void> {
  const left = Object.values(state.parts).filter(isAlive);
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    for (const mark of left.filter(isAlive)) kill(Number(mark.split(':')[0]), signal);
    const deadline = performance.now() + 10_000;
    while (left.some(isAlive) && performance.now() < deadline) await pause(lookMs);
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it ended by itself
  }
}

/** Starts the keeper in a session of its own and waits until it has signed `stack.json`. */
async function spawnKeeper(options: KeeperOptions, before: StackState | null): Promise<void> {
  const { stateDir } = options;
  const logPath = stackPaths.log(stateDir, 'stack');
  mkdirSync(dirname(logPath), { recursive: true });
  const log = openSync(logPath, 'a', 0o600);
  const { command, args, cwd } = programCommand('scripts/keep-stack');
  const { isWatched, ports } = options;
  const child = spawn(command, [...args, JSON.stringify({ stateDir, isWatched, ports })], {
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  let ended = false;
  child.once('error', () => (ended = true));
  child.once('exit', () => (ended = true));
  child.unref();
  for (;;) {
    const state = readStackState(stateDir);
    if (state !== null && state.keeper !== before?.keeper) return;
    if (ended) throw notStarted(stateDir, 'its keeper ended at once');
    await pause(lookMs);
  }
}

async function untilReady(stateDir: string, deadline: number): Promise<StackState> {
  for (;;) {
    const state = readStackState(stateDir);
    if (state?.status === 'ready') return state;
    if (state?.status === 'failed') throw notStarted(stateDir, state.error ?? 'unknown reason');
    if (state === null || !isAlive(state.keeper)) throw notStarted(stateDir, 'its keeper is gone');
    if (performance.now() > deadline) throw notStarted(stateDir, 'it takes too long');
    await pause(lookMs);
  }
}

function notStarted(stateDir: string, reason: string): AppError {
  return new AppError(
    'unavailable.install',
    `The local stack could not be started: ${reason}. Its logs are in ${dirname(stackPaths.log(stateDir, 'stack'))}.`,
  );
}

/** Resolves when the stack has stopped, its keeper with it, or goes on because someone else needs it. */
async function untilStopped(stateDir: string): Promise<void> {
  const deadline = performance.now() + stopTimeoutMs;
  let keeper: string | null = null;
  while (performance.now() < deadline) {
    const state = readStackState(stateDir);
    if (state === null) {
      // Its last act is to remove what it has signed.
      if (keeper === null || !isAlive(keeper)) return;
    } else {
      keeper = state.keeper;
      if (!isAlive(keeper)) return clearAway(state);
      if (countLeases(stateDir) > 0) return;
    }
    await pause(lookMs);
  }
}
