import type { ProgressEvent } from '../../../core/schemas/progress.ts';

export interface StreamReading {
  readonly status: number;
  readonly type: string | null;
  /** Events in order, as sent. */
  readonly events: readonly {
    readonly id: number;
    readonly event: string;
    readonly data: ProgressEvent;
  }[];
  readonly text: string;
  /** Whether the server ended it. */
  readonly hasEnded: boolean;
}

/** Reads a stream of events over HTTP until the server ends it or `isEnough` says so. */
export async function readStream(
  url: string,
  options: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly isEnough?: (text: string) => boolean;
    readonly onText?: (text: string) => void;
  } = {},
): Promise<StreamReading> {
  const leave = new AbortController();
  const signal = AbortSignal.any([leave.signal, AbortSignal.timeout(20_000)]);
  const response = await fetch(url, { headers: options.headers ?? {}, signal });
  const decoder = new TextDecoder();
  let text = '';
  let hasEnded = true;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const piece of body ?? []) {
    text += decoder.decode(piece, { stream: true });
    options.onText?.(text);
    if (options.isEnough?.(text) === true) {
      hasEnded = false;
      break;
    }
  }
  leave.abort();
  const events = [...text.matchAll(/^id: (\d+)\nevent: (\w+)\ndata: (.*)\n\n/gm)].map((match) => ({
    id: Number(match[1]),
    event: match[2] ?? '',
    data: JSON.parse(match[3] ?? '') as ProgressEvent,
  }));
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    events,
    text,
    hasEnded,
  };
}
