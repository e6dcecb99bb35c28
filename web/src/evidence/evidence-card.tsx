import type { EvidenceSummary } from '../../../core/schemas/evidence.ts';
import { Provenance } from './provenance.tsx';
import classes from './evidence-card.module.css';

interface EvidenceCardProps {
  readonly summary: EvidenceSummary;
  readonly number: number;
}

/** One piece of evidence under the number by which it is cited. */
export function EvidenceCard({ summary, number }: EvidenceCardProps) {
  return (
    <article
      id={summary.id}
      tabIndex={-1}
      className={classes['card']}
      aria-label={`Evidence ${number}`}
    >
      <h3 className={classes['title']}>
        <span className={classes['number']}>{number}</span> {summary.title}
      </h3>
      <Provenance summary={summary} />
    </article>
  );
}
