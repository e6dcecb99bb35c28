import type { ProgressEvent } from '../../../core/schemas/progress.ts';

/** How the stream stands: `ended` when the investigation is over and nothing more is expected. */
export type Connection = 'connecting' | 'live' | 'ended';

/** What of a browser's `EventSource` is needed. */
export interface Source {
  readonly readyState: number;
  addEventListener(type: string, listener: (message: { readonly data?: unknown }) => void): void;
  close(): void;
}

export interface FollowOptions {
  /** Opens the stream behind the event with this sequence; 0 for all of it. */
  readonly open: (after: number) => Source;
  /** Called with each event once, in order, without gaps. */
  readonly onEvent: (event: ProgressEvent) => void;
  readonly onConnection: (connection: Connection) => void;
}

export interface Follower {
  /** Says whether events may come after the end: what becomes of an action is told then. */
  expectMore(isExpected: boolean): void;
  stop(): void;
}

const types: readonly ProgressEvent['type'][] = [
  'begun',
  'ended',
  'failed',
  'note',
  'action',
  'finished',
];
const closed = 2;
const retryMs = 1_000;
const lookAgainMs = 2_000;
/** What was read back from the target is told a little after the action is settled. */
const lingerMs = 15_000;

/**
 * Follows an investigation whatever happens to the connection. The browser itself comes again after a cut, with the id of the last event; where it gives up,
 * because a server answered with an error, the stream is opened anew behind the last event.
 */
export function followEvents({ open, onEvent, onConnection }: FollowOptions): Follower {
  let source: Source | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  let hasFinished = false;
  let lingersUntil = 0;

  const begin = (): void => {
    clearTimeout(timer);
    source?.close();
    const own = open(last);
    source = own;
    own.addEventListener('open', () => onConnection('live'));
    own.addEventListener('error', () => {
      if (own.readyState === closed) comeAgain();
      else if (!hasFinished) onConnection('connecting');
    });
    for (const type of types) own.addEventListener(type, ({ data }) => take(data));
  };
  const take = (data: unknown): void => {
    if (typeof data !== 'string') return;
    const event = JSON.parse(data) as ProgressEvent;
    if (event.sequence <= last) return;
    if (event.sequence > last + 1) {
      begin(); // something was lost on the way: read on from where we are
      return;
    }
    last = event.sequence;
    hasFinished ||= event.type === 'finished';
    onEvent(event);
  };
  const comeAgain = (): void => {
    source = null;
    if (hasFinished && Date.now() >= lingersUntil) onConnection('ended');
    else timer = setTimeout(begin, hasFinished ? lookAgainMs : retryMs);
  };
  onConnection('connecting');
  begin();
  return {
    expectMore: (isExpected) => {
      const wasIdle = source === null && Date.now() >= lingersUntil;
      if (isExpected) lingersUntil = Number.POSITIVE_INFINITY;
      else if (lingersUntil === Number.POSITIVE_INFINITY) lingersUntil = Date.now() + lingerMs;
      if (isExpected && wasIdle) begin();
    },
    stop: () => {
      clearTimeout(timer);
      source?.close();
    },
  };
}
