import type { Report } from '../../../core/schemas/report.ts';
import { formatClock, formatInstant } from '../text/format.ts';
import { Citations } from './citations.tsx';
import { Section } from './section.tsx';
import classes from './lists.module.css';

/** What happened when, in order. */
export function TimelineSection({ timeline }: Pick<Report, 'timeline'>) {
  if (timeline.length === 0) return null;
  return (
    <Section title="Timeline">
      <ol className={classes['timeline']}>
        {timeline.map(({ at, text, evidenceIds }) => (
          <li key={`${at} ${text}`}>
            <time dateTime={at} title={formatInstant(at)}>
              {formatClock(at)}
            </time>
            <span>
              {text}
              <Citations ids={evidenceIds} />
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
