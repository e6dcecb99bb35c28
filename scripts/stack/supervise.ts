import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from './open-log.ts';
import { startCommand, type Command, type Running } from './running.ts';

/** A process that is started again whenever it dies. */
export interface Supervised {
  readonly name: string;
  /** Null between two lives and after the end. */
  pid(): number | null;
  /** How often it was started again. */
  restarts(): number;
  /** Kills the present life at once, as a crash would. */
  kill9(): void;
  /** Ends the present life in order; the next one begins at once. */
  renew(): Promise<void>;
  /** Stops it for good. */
  stop(): Promise<void>;
}

export interface SuperviseOptions {
  readonly name: string;
  readonly log?: Log;
  /** Never gives up once it is told to begin: for development, where the next change may cure it. */
  readonly isPatient?: boolean;
  /** Called with the pid of each life once it is ready. */
  readonly onStart?: (pid: number) => void;
  /** Called once when it died too often too quickly after it had been ready; from then on it stays down. */
  readonly onGiveUp?: (reason: string) => void;
}

/** A life shorter than this after it was ready counts as a quick death, and so does one that never got ready. */
const quickMs = 2_000;
const quickDeathsAllowed = 8;
const firstStartsAllowed = 3;
const firstPauseMs = 100;
const longestPauseMs = 5_000;

/**
 * Starts a program and starts it again whenever it dies: after 0.1 s, doubling to 5 s while it dies quickly. After eight quick deaths in a row it is
 * given up, loudly. Resolves when it is ready for the first time; rejects when that failed three times.
 */
export function supervise(options: SuperviseOptions & Command): Promise<Supervised> {
  return superviseStart({
    ...options,
    start: (signal) => startCommand(options.name, options, signal),
  });
}

/** The same for whatever `start` brings up; `start` ends early when its signal calls it off. */
export async function superviseStart(
  options: SuperviseOptions & { readonly start: (signal: AbortSignal) => Promise<Running> },
): Promise<Supervised> {
  const { name } = options;
  const say = (line: string): void => options.log?.(`[supervisor] ${name}: ${line}\n`);
  const stopped = new AbortController();
  let renewed = new AbortController();
  let current: Running | null = null;
  let restarts = 0;

  /** One life from start to end; gives how long it was ready (0 when it never was) and how it ended. */
  async function live(onReady: (pid: number) => void): Promise<{ readyMs: number; end: string }> {
    try {
      current = await options.start(AbortSignal.any([stopped.signal, renewed.signal]));
      const readyAt = performance.now();
      if (stopped.signal.aborted) await current.stop();
      else onReady(current.pid);
      const end = await current.exited;
      return { readyMs: performance.now() - readyAt, end };
    } catch (error) {
      return { readyMs: 0, end: error instanceof Error ? error.message : String(error) };
    } finally {
      current = null;
    }
  }

  async function liveOnAndOn(onFirstReady: () => void): Promise<string> {
    let deathsAllowed = options.isPatient === true ? Infinity : firstStartsAllowed;
    for (let quickDeaths = 0; ; restarts++) {
      const { readyMs, end } = await live((pid) => {
        deathsAllowed = Math.max(deathsAllowed, quickDeathsAllowed);
        options.onStart?.(pid);
        onFirstReady();
      });
      say(`ended: ${end}`);
      quickDeaths = readyMs < quickMs && !renewed.signal.aborted ? quickDeaths + 1 : 0;
      if (quickDeaths >= deathsAllowed) {
        say(`given up after ${quickDeaths} quick deaths`);
        return `${name} died ${quickDeaths} times in a row; the last time: ${end}`;
      }
      const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.max(0, quickDeaths - 1));
      const wakes = AbortSignal.any([stopped.signal, renewed.signal]);
      await pause(pauseMs, undefined, { signal: wakes }).catch(() => undefined);
      if (stopped.signal.aborted) return 'stopped';
      renewed = new AbortController();
    }
  }

  let lives: Promise<unknown> = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    lives = liveOnAndOn(resolve).then((reason) => {
      reject(new Error(reason));
      if (!stopped.signal.aborted) options.onGiveUp?.(reason);
    });
  });
  return {
    name,
    pid: () => current?.pid ?? null,
    restarts: () => restarts,
    kill9: () => current?.kill9(),
    renew: async () => {
      renewed.abort();
      await current?.stop();
    },
    stop: async () => {
      stopped.abort();
      await current?.stop();
      await lives;
    },
  };
}
