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
  /** Stops it for good. */
  stop(): Promise<void>;
}

export interface SuperviseOptions {
  readonly name: string;
  readonly log?: Log;
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
  const calledOff = new AbortController();
  const say = (line: string): void => options.log?.(`[supervisor] ${name}: ${line}\n`);
  let current: Running | null = null;
  let restarts = 0;

  /** One life from start to end; gives how long it was ready (0 when it never was) and how it ended. */
  async function live(onReady: () => void): Promise<{ readyMs: number; end: string }> {
    let readyAt: number | null = null;
    try {
      current = await options.start(calledOff.signal);
      readyAt = performance.now();
      if (calledOff.signal.aborted) await current.stop();
      else onReady();
      const end = await current.exited;
      return { readyMs: performance.now() - readyAt, end };
    } catch (error) {
      return { readyMs: 0, end: error instanceof Error ? error.message : String(error) };
    } finally {
      current = null;
    }
  }

  async function liveOnAndOn(onReady: () => void): Promise<string> {
    let wasReady = false;
    for (let quickDeaths = 0; ; restarts++) {
      const { readyMs, end } = await live(() => {
        wasReady = true;
        onReady();
      });
      say(`ended: ${end}`);
      if (calledOff.signal.aborted) return 'stopped';
      quickDeaths = readyMs < quickMs ? quickDeaths + 1 : 0;
      if (quickDeaths >= (wasReady ? quickDeathsAllowed : firstStartsAllowed)) {
        say(`given up after ${quickDeaths} quick deaths`);
        return `${name} died ${quickDeaths} times in a row; the last time: ${end}`;
      }
      const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.max(0, quickDeaths - 1));
      await pause(pauseMs, undefined, { signal: calledOff.signal }).catch(() => undefined);
      if (calledOff.signal.aborted) return 'stopped';
    }
  }

  let lives: Promise<unknown> = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    lives = liveOnAndOn(resolve).then((reason) => {
      reject(new Error(reason));
      if (!calledOff.signal.aborted) options.onGiveUp?.(reason);
    });
  });
  return {
    name,
    pid: () => current?.pid ?? null,
    restarts: () => restarts,
    kill9: () => current?.kill9(),
    stop: async () => {
      calledOff.abort();
      await current?.stop();
      await lives;
    },
  };
}
