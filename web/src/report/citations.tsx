import { Link } from '@tanstack/react-router';
import { createContext, useContext } from 'react';
import type { EvidenceSummary } from '../../../core/schemas/evidence.ts';
import classes from './citations.module.css';

/** The evidence of the investigation in the order taken; its place there, counted from 1, is the number by which it is cited. */
export const EvidenceContext = createContext<readonly EvidenceSummary[]>([]);

/** Numbers that lead from a sentence to the evidence that carries it. */
export function Citations({ ids }: { readonly ids: readonly string[] }) {
  const evidence = useContext(EvidenceContext);
  const cited = evidence
    .map(({ id, title }, index) => ({ id, title, number: index + 1 }))
    .filter(({ id }) => ids.includes(id));
  if (cited.length === 0) return null;
  return (
    <span className={classes['citations']}>
      {cited.map(({ id, title, number }) => (
        <Link
          key={id}
          to="."
          hash={id}
          hashScrollIntoView={false}
          // Else the router takes a second click on the same citation for no navigation.
          state={({ timesShown = 0 }) => ({ timesShown: timesShown + 1 })}
          className={classes['citation']}
          title={title}
          aria-label={`Evidence ${number}: ${title}`}
        >
          {number}
        </Link>
      ))}
    </span>
  );
}
