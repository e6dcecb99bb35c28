import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Response } from 'express';
import type { ProgressEvent } from '../../core/schemas/progress.ts';
import type { Store } from '../../store/store.ts';

const perRead = 500;
/** What a client that was cut off waits before it calls again. */
const retryMs = 1_000;

/** Told before the process stops; another one answers whoever calls again with the last id. */
const stopping = `event: stopping\ndata: {"retryMs":${retryMs}}\n\n`;

export interface EventStream {
  readonly store: Store;
  readonly investigationId: string;
  /** The last event that the client has. */
  readonly after: number;
  /** Whether the investigation had ended when the client came: then the stream ends after what there is. */
  readonly hasEnded: boolean;
  readonly heartbeatMs: number;
  readonly stopping: AbortSignal;
}

/**
 * Sends progress as server-sent events, with the sequence as id, until `finished` has been sent, the client leaves or the process stops, which
 * the client is told. New events are
 * sent when the database tells of them, and looked for at every sign of life. Rejects when the database fails; what was sent stays true. Source: HTML
 * Living Standard, 9.2.
 */
export async function streamEvents(response: Response, stream: EventStream): Promise<void> {
  const { store, investigationId, heartbeatMs } = stream;
  const left = new AbortController();
  const leave = (): void => left.abort();
  response.once('close', leave);
  const over = AbortSignal.any([left.signal, stream.stopping]);
  const bell = createBell();
  const unsubscribe = await store.events.subscribe(investigationId, bell.ring);
  try {
    begin(response);
    let after = stream.after;
    let isLast = stream.hasEnded;
    while (!over.aborted) {
      const events = await store.events.since(investigationId, after, perRead);
      for (const event of events) await write(response, messageOf(event), over);
      after = events.at(-1)?.sequence ?? after;
      isLast ||= events.some(({ type }) => type === 'finished');
      if (events.length === perRead) continue;
      if (isLast) break;
      if (!(await bell.rings(heartbeatMs, over))) {
        await write(response, ': alive\n\n', over);
      }
    }
    if (stream.stopping.aborted && !isLast) await write(response, stopping, left.signal);
    response.end();
  } finally {
    response.off('close', leave);
    await unsubscribe();
  }
}

function begin(response: Response): void {
  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  response.write(`retry: ${retryMs}\n\n`);
}

function messageOf(event: ProgressEvent): string {
  return `id: ${event.sequence}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** Writes, and waits for a client that reads slowly instead of keeping everything for it. */
async function write(response: Response, text: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted || response.write(text)) return;
  await once(response, 'drain', { signal }).catch(() => undefined); // the client has left
}

interface Bell {
  ring(): void;
  /** Waits for a ring, also one that came before; false when the time is over or the wait was given up. */
  rings(timeoutMs: number, signal: AbortSignal): Promise<boolean>;
}

function createBell(): Bell {
  let hasRung = false;
  let wake: (() => void) | null = null;
  return {
    ring: () => {
      hasRung = true;
      wake?.();
    },
    rings: async (timeoutMs, signal) => {
      if (!hasRung) {
        const rung = new AbortController();
        wake = () => rung.abort();
        const either = AbortSignal.any([rung.signal, signal]);
        await pause(timeoutMs, undefined, { signal: either }).catch(() => undefined); // it rang
        wake = null;
      }
      const answer = hasRung;
      hasRung = false;
      return answer;
    },
  };
}
