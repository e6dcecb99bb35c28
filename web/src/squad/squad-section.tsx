import { useMemo } from 'react';
import type { Connection } from '../events/follow-events.ts';
import type { Story } from '../events/use-events.ts';
import { Section } from '../report/section.tsx';
import { EventList } from './event-list.tsx';
import { LaneRow } from './lane-row.tsx';
import { lanesOf } from './lanes.ts';
import classes from './squad-section.module.css';

const connectionTexts: Readonly<Record<Connection, string>> = {
  connecting: 'connecting …',
  live: 'live',
  ended: 'ended',
};

/** Who does what, as it happens: a lane for each member of the squad. */
export function SquadSection({ story }: { readonly story: Story }) {
  const { events, connection } = story;
  const lanes = useMemo(() => lanesOf(events), [events]);
  return (
    <Section
      title="The squad"
      aside={
        <span className={classes['connection']} data-connection={connection} role="status">
          {events.length} events, {connectionTexts[connection]}
        </span>
      }
    >
      {lanes.map((lane) => (
        <LaneRow key={lane.role} lane={lane} />
      ))}
      <EventList events={events} />
    </Section>
  );
}
