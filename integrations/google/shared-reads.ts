import { setMaxListeners } from 'node:events';
import { untilAborted } from '../../core/until-aborted.ts';

/** What was read, under the question that was asked. */
export type SharedReads = <Answer>(
  question: readonly unknown[],
  signal: AbortSignal,
  read: (joint: AbortSignal) => Promise<Answer>,
) => Promise<Answer>;

interface Reading {
  readonly answer: Promise<unknown>;
  readonly stop: AbortController;
  waiting: number;
  isDone: boolean;
}

/**
 * Lets everyone who asks the same question share one reading and its answer. It goes on as long as one of them waits; one that failed is read anew when it is
 * asked again.
 */
export function createSharedReads(): SharedReads {
  const readings = new Map<string, Reading>();
  return async <Answer>(
    question: readonly unknown[],
    signal: AbortSignal,
    read: (joint: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> => {
    signal.throwIfAborted();
    const key = JSON.stringify(question);
    const reading = readings.get(key) ?? begin(key, read);
    reading.waiting += 1;
    try {
      return (await untilAborted(reading.answer, signal)) as Answer;
    } finally {
      reading.waiting -= 1;
      if (reading.waiting === 0 && !reading.isDone) {
        readings.delete(key);
        reading.stop.abort(signal.reason);
      }
    }
  };

  function begin(key: string, read: (joint: AbortSignal) => Promise<unknown>): Reading {
    const stop = new AbortController();
    setMaxListeners(0, stop.signal); // as many as there are requests in flight
    const answer = read(stop.signal);
    const reading: Reading = { answer, stop, waiting: 0, isDone: false };
    readings.set(key, reading);
    answer.then(
      () => (reading.isDone = true),
      () => {
        reading.isDone = true;
        if (readings.get(key) === reading) readings.delete(key);
      },
    );
    return reading;
  }
}
