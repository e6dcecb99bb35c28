import { useEffect, useRef, useState } from 'react';
import type { ProgressEvent } from '../../../core/schemas/progress.ts';
import { pathOf } from '../api/queries.ts';
import { followEvents } from './follow-events.ts';
import type { Connection, Follower } from './follow-events.ts';

export interface Story {
  readonly events: readonly ProgressEvent[];
  readonly connection: Connection;
}

/** Gives the events of an investigation as they come. `expectsMore` keeps on asking after the end. */
export function useEvents(id: string, { expectsMore }: { readonly expectsMore: boolean }): Story {
  const [events, setEvents] = useState<readonly ProgressEvent[]>([]);
  const [connection, setConnection] = useState<Connection>('connecting');
  const follower = useRef<Follower | null>(null);
  useEffect(() => {
    setEvents([]);
    const own = followEvents({
      open: (after) =>
        new EventSource(`${pathOf(id)}/events${after === 0 ? '' : `?after=${after}`}`),
      onEvent: (event) => setEvents((before) => [...before, event]),
      onConnection: setConnection,
    });
    follower.current = own;
    return () => own.stop();
  }, [id]);
  useEffect(() => follower.current?.expectMore(expectsMore), [id, expectsMore]);
  return { events, connection };
}
