import type { Report } from '../../../core/schemas/report.ts';
import { Citations } from './citations.tsx';
import { Section } from './section.tsx';
import classes from './lists.module.css';

/** Every sentence of fact, with the evidence that carries it. */
export function ClaimsSection({ claims }: Pick<Report, 'claims'>) {
  if (claims.length === 0) return null;
  return (
    <Section title="Why we think so">
      <ul className={classes['list']}>
        {claims.map(({ text, evidenceIds, checked }) => (
          <li key={text}>
            {text}
            {!checked && <em className={classes['dim']}> (not checked)</em>}
            <Citations ids={evidenceIds} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
