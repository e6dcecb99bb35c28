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
export async function superviseStart(options: StartOptions): Promise<Supervised> {
  const lives = new Lives(options);
  await lives.begin();
  return {
    name: options.name,
    pid: () => lives.current?.pid ?? null,
    restarts: () => lives.restarts,
    kill9: () => lives.current?.kill9(),
    renew: () => lives.renew(),
    stop: () => lives.stop(),
  };
}

type StartOptions = SuperviseOptions & {
  readonly start: (signal: AbortSignal) => Promise<Running>;
};

/** One life after the other, until it is stopped or given up. */
class Lives {
  current: Running | null = null;
  restarts = 0;
  private readonly options: StartOptions;
  private readonly stopped = new AbortController();
  private renewed = new AbortController();
  private story: Promise<void> = Promise.resolve();

  constructor(options: StartOptions) {
    this.options = options;
  }

  /** Resolves when the first life is ready; rejects when it was given up before. */
  begin(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.story = this.liveOnAndOn(resolve).then((reason) => {
        reject(new Error(reason));
        if (!this.stopped.signal.aborted) this.options.onGiveUp?.(reason);
      });
    });
  }

  async renew(): Promise<void> {
    this.renewed.abort();
    await this.current?.stop();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.current?.stop();
    await this.story;
  }

  /** Gives why there is no further life. */
  private async liveOnAndOn(onFirstReady: () => void): Promise<string> {
    const { isPatient, name, onStart } = this.options;
    let deathsAllowed = isPatient === true ? Infinity : firstStartsAllowed;
    for (let quickDeaths = 0; ; this.restarts++) {
      const { readyMs, end } = await this.live((pid) => {
        deathsAllowed = Math.max(deathsAllowed, quickDeathsAllowed);
        onStart?.(pid);
        onFirstReady();
      });
      this.say(`ended: ${end}`);
      quickDeaths = readyMs < quickMs && !this.renewed.signal.aborted ? quickDeaths + 1 : 0;
      if (quickDeaths >= deathsAllowed) {
        this.say(`given up after ${quickDeaths} quick deaths`);
        return `${name} died ${quickDeaths} times in a row; the last time: ${end}`;
      }
      const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.max(0, quickDeaths - 1));
      await pause(pauseMs, undefined, { signal: this.calledOff() }).catch(() => undefined);
      if (this.stopped.signal.aborted) return 'stopped';
      this.renewed = new AbortController();
    }
  }

  /** One life from start to end; gives how long it was ready (0 when it never was) and how it ended. */
  private async live(
    onReady: (pid: number) => void,
  ): Promise<{ readonly readyMs: number; readonly end: string }> {
    try {
      const running = await this.options.start(this.calledOff());
      this.current = running;
      const readyAt = performance.now();
      if (this.calledOff().aborted) await running.stop();
      else onReady(running.pid);
      const end = await running.exited;
      return { readyMs: performance.now() - readyAt, end };
    } catch (error) {
      return { readyMs: 0, end: error instanceof Error ? error.message : String(error) };
    } finally {
      this.current = null;
    }
  }

  private calledOff(): AbortSignal {
    return AbortSignal.any([this.stopped.signal, this.renewed.signal]);
  }

  private say(line: string): void {
    this.options.log?.(`[supervisor] ${this.options.name}: ${line}\n`);
  }
}
