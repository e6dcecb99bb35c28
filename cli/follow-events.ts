import { setTimeout as pause } from 'node:timers/promises';
import { AppError, isAppError } from '../core/errors.ts';
import { progressEventSchema, type ProgressEvent } from '../core/schemas/progress.ts';
import type { Client } from './client.ts';
import { readEventStream } from './event-stream.ts';

const retryMs = 500;
const silenceMs = 60_000;
const defaultPatienceMs = 60_000;

/**
 * Follows the progress of an investigation, from its first event until `isLast` says so. A broken or silent connection is opened again behind the
 * last event received, so each event comes once and in order. Ends early when the investigation has ended and holds no further event. Rejects when the API stays away for a minute, or does not know the investigation.
 */
export async function* followEvents(
  client: Client,
  id: string,
  options: {
    readonly isLast: (event: ProgressEvent) => boolean;
    readonly patienceMs?: number;
    /** Waits for events that come after the end of the investigation, such as what became of an action. */
    readonly waitsBeyondEnd?: boolean;
  },
): AsyncGenerator<ProgressEvent> {
  const path = `/api/v1/investigations/${encodeURIComponent(id)}/events`;
  const patienceMs = options.patienceMs ?? defaultPatienceMs;
  let sequence = 0;
  let heardAt = performance.now();
  for (;;) {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(), silenceMs);
    try {
      const response = await client.stream(
        path,
        sequence === 0 ? '' : String(sequence),
        silence.signal,
      );
      const hasEnded = response.status === 204;
      if (hasEnded && options.waitsBeyondEnd !== true) return;
      const hear = (): void => {
        timer.refresh();
        heardAt = performance.now();
      };
      for await (const { data } of readEventStream(heard(response, hear))) {
        const event = parseEvent(data);
        if (event === null || event.sequence <= sequence) continue;
        sequence = event.sequence;
        yield event;
        if (options.isLast(event)) return;
      }
    } catch (error) {
      const isFinal = isAppError(error) && !error.code.startsWith('unavailable.');
      if (isFinal) throw error;
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
    if (performance.now() - heardAt > patienceMs) {
      throw new AppError('unavailable.api', `${client.url} sends no progress of ${id} any more`);
    }
    await pause(retryMs);
  }
}

/** Gives the body on and calls `hear` with each piece, also when that is but a sign of life. */
async function* heard(response: Response, hear: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of response.body ?? []) {
    hear();
    yield chunk;
  }
}

/** Other messages may come on the stream: a later version of the API may say more. */
function parseEvent(data: string): ProgressEvent | null {
  try {
    const parsed = progressEventSchema.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // not JSON: no progress event
  }
}
