import { useState } from 'react';
import type { ProgressEvent } from '../../../core/schemas/progress.ts';
import { formatClock, toHeading } from '../text/format.ts';
import classes from './event-list.module.css';

/** Every event with its number: what the stream has brought, and nothing else. */
export function EventList({ events }: { readonly events: readonly ProgressEvent[] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      className={classes['events']}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>All events</summary>
      {isOpen && (
        <ol className={classes['list']} tabIndex={0} aria-label="All events">
          {events.map(({ sequence, at, type, role, text }) => (
            <li key={sequence} data-sequence={sequence}>
              <span>{sequence}</span>
              <time dateTime={at}>{formatClock(at)}</time>
              <span>
                {toHeading(role)}, {type}: {text}
              </span>
            </li>
          ))}
        </ol>
      )}
    </details>
  );
}
