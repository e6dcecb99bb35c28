import { untilAborted } from '../../core/until-aborted.ts';

/** A piece of work that many may wait for and that is done once. */
export type SharedTask<Result> = (signal: AbortSignal) => Promise<Result>;

interface Attempt<Result> {
  readonly result: Promise<Result>;
  readonly stop: AbortController;
  waiting: number;
  isDone: boolean;
}

/**
 * Makes work that is begun by the first who asks, and whose result all share. Who gives up gets the abort reason at once; when nobody waits any
 * more the work itself is aborted. A failure is not kept: the next who asks begins again, after the work before has ended.
 */
export function createSharedTask<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
): SharedTask<Result> {
  let current: Attempt<Result> | null = null;
  let ended: Promise<unknown> = Promise.resolve();

  const begin = (): Attempt<Result> => {
    const stop = new AbortController();
    const result = ended.then(() => work(stop.signal));
    const attempt: Attempt<Result> = { result, stop, waiting: 0, isDone: false };
    ended = result.then(
      () => {
        attempt.isDone = true;
      },
      () => {
        if (current === attempt) current = null;
      },
    );
    return attempt;
  };

  return async (signal) => {
    signal.throwIfAborted();
    const attempt = (current ??= begin());
    attempt.waiting += 1;
    try {
      return await untilAborted(attempt.result, signal);
    } finally {
      attempt.waiting -= 1;
      if (attempt.waiting === 0 && !attempt.isDone) {
        if (current === attempt) current = null;
        attempt.stop.abort(signal.reason);
      }
    }
  };
}
