import type { Report } from '../../../core/schemas/report.ts';
import { toHeading, toWords } from '../text/format.ts';
import { Citations } from './citations.tsx';
import { Section } from './section.tsx';
import classes from './lists.module.css';

/** Explanations that were tested and fell. */
export function RuledOutSection({ ruledOut }: Pick<Report, 'ruledOut'>) {
  if (ruledOut.length === 0) return null;
  return (
    <Section title="Ruled out">
      <ul className={classes['list']}>
        {ruledOut.map(({ hypothesis, because, evidenceIds }) => (
          <li key={hypothesis}>
            <b>{hypothesis}</b>
            <br />
            {because}
            <Citations ids={evidenceIds} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** What could not be looked at, so that nobody takes silence for health. */
export function GapsSection({ gaps }: Pick<Report, 'gaps'>) {
  if (gaps.length === 0) return null;
  return (
    <Section title="Not seen">
      <ul className={classes['list']}>
        {gaps.map(({ signal, reason }) => (
          <li key={`${signal} ${reason}`}>
            <b>{toHeading(signal)}:</b> {reason}
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** How the candidates compare. */
export function ConsideredSection({ ranking }: Pick<Report, 'ranking'>) {
  if (ranking.length < 2) return null;
  return (
    <Section title="Considered">
      <ul className={classes['bars']}>
        {ranking.map(({ entity, faultKind, score }) => (
          <li key={`${entity.kind} ${entity.name} ${faultKind}`}>
            <span>
              {entity.name}, {toWords(faultKind)}
            </span>
            <meter min={0} max={1} value={score} aria-label={`Score of ${entity.name}`} />
            <span className={classes['number']}>{score.toFixed(2)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
