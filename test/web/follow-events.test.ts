import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { followEvents } from '../../web/src/events/follow-events.ts';
import type { Connection, Source } from '../../web/src/events/follow-events.ts';
import { eventOf } from './event-of.ts';

const total = 30;
const story = Array.from({ length: total }, (_one, index) =>
  eventOf(index + 1, index + 1 === total ? { type: 'finished' } : {}),
);

/** A stream as a server and a browser make it: it sends what it is told to, may come again by itself, and may be closed for good. */
class ScriptedSource implements Source {
  readyState = 1;
  readonly listeners = new Map<string, (message: { readonly data?: unknown }) => void>();
  addEventListener(type: string, listener: (message: { readonly data?: unknown }) => void): void {
    this.listeners.set(type, listener);
  }
  send(sequence: number): void {
    const event = story[sequence - 1];
    if (event === undefined || this.readyState === 2) return;
    this.listeners.get(event.type)?.({ data: JSON.stringify(event) });
  }
  fail(isForGood: boolean): void {
    this.readyState = isForGood ? 2 : 0;
    this.listeners.get('error')?.({});
  }
  close(): void {
    this.readyState = 2;
  }
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function follow() {
  const opened: { readonly after: number; readonly source: ScriptedSource }[] = [];
  const got: number[] = [];
  const connections: Connection[] = [];
  const follower = followEvents({
    open: (after) => {
      const source = new ScriptedSource();
      opened.push({ after, source });
      return source;
    },
    onEvent: ({ sequence }) => got.push(sequence),
    onConnection: (connection) => connections.push(connection),
  });
  return { opened, got, connections, follower };
}

describe('following an investigation', () => {
  test('gives every event once and in order, wherever the stream is cut and whatever comes twice', () => {
    const cut = fc.record({ sends: fc.nat(12), repeats: fc.nat(3), skips: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 12 }), (cuts) => {
        const { opened, got, follower } = follow();
        for (const { sends, repeats, skips } of [...cuts, { sends: total, repeats: 0, skips: 0 }]) {
          const from = got.length + 1;
          opened.at(-1)?.source.send(from + skips);
          for (let at = from - repeats; at < from + sends; at += 1) opened.at(-1)?.source.send(at);
          opened.at(-1)?.source.fail(true);
          jest.advanceTimersByTime(5_000);
        }
        follower.stop();
        expect(got).toEqual(story.map(({ sequence }) => sequence));
      }),
    );
  });

  test('opens the stream anew behind the last event where a browser gives up', () => {
    const { opened, connections, follower } = follow();
    for (const at of [1, 2, 3]) opened[0]?.source.send(at);
    opened[0]?.source.fail(true);
    jest.advanceTimersByTime(1_000);
    expect(opened.map(({ after }) => after)).toEqual([0, 3]);
    expect(connections).toEqual(['connecting']);
    follower.stop();
  });

  test('leaves it to the browser to come again after a cut', () => {
    const { opened, follower } = follow();
    opened[0]?.source.fail(false);
    jest.advanceTimersByTime(60_000);
    expect(opened).toHaveLength(1);
    follower.stop();
  });

  test('ends with the investigation, and looks again as long as an action is open', () => {
    const { opened, connections, follower } = follow();
    for (let at = 1; at <= total; at += 1) opened[0]?.source.send(at);
    opened[0]?.source.fail(true);
    expect(connections.at(-1)).toBe('ended');
    follower.expectMore(true);
    expect(opened).toHaveLength(2);
    opened[1]?.source.fail(true);
    jest.advanceTimersByTime(2_000);
    expect(opened).toHaveLength(3);
    follower.expectMore(false);
    jest.advanceTimersByTime(15_000);
    opened[2]?.source.fail(true);
    jest.advanceTimersByTime(60_000);
    expect(opened).toHaveLength(3);
    follower.stop();
  });
});
