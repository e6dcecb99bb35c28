import { useContext } from 'react';
import { Citations, EvidenceContext } from './citations.tsx';
import { Section } from './section.tsx';
import classes from './lists.module.css';

/** What people wrote down to do about such an incident; leads to where it can be read. */
export function RunbooksSection() {
  const runbooks = useContext(EvidenceContext).filter(({ kind }) => kind === 'runbooks');
  if (runbooks.length === 0) return null;
  return (
    <Section title="Runbooks">
      <ul className={classes['list']}>
        {runbooks.map(({ id, title }) => (
          <li key={id}>
            {title}
            <Citations ids={[id]} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
