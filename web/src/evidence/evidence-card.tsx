import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { EvidenceSummary } from '../../../core/schemas/evidence.ts';
import { EvidenceBody } from './evidence-body.tsx';
import { Provenance } from './provenance.tsx';
import classes from './evidence-card.module.css';

interface EvidenceCardProps {
  readonly investigationId: string;
  readonly summary: EvidenceSummary;
  readonly number: number;
  /** Whether it is open before anyone asks for it. */
  readonly isShown: boolean;
}

/** One piece of evidence under the number by which it is cited; opens and comes into sight when a citation leads to it. */
export function EvidenceCard({ investigationId, summary, number, isShown }: EvidenceCardProps) {
  const { id, title } = summary;
  const [choice, setChoice] = useState<boolean | null>(null);
  const card = useRef<HTMLElement>(null);
  const isOpen = choice ?? isShown;
  const { hash, state } = useLocation();
  const isTarget = hash === id;
  useEffect(() => {
    if (!isTarget) return;
    setChoice(true);
    card.current?.focus({ preventScroll: true });
    card.current?.scrollIntoView({ block: 'start' });
  }, [isTarget, state.timesShown]);
  return (
    <article
      ref={card}
      id={id}
      tabIndex={-1}
      className={classes['card']}
      aria-labelledby={`${id}-title`}
      data-target={isTarget}
    >
      <h3 className={classes['title']} id={`${id}-title`}>
        <button
          type="button"
          className={classes['toggle']}
          aria-expanded={isOpen}
          onClick={() => setChoice(!isOpen)}
        >
          <span className={classes['number']}>{number}</span>
          <span>{title}</span>
          <span className={classes['arrow']} aria-hidden>
            {isOpen ? '▾' : '▸'}
          </span>
        </button>
      </h3>
      {isOpen && (
        <div className={classes['body']}>
          <EvidenceBody investigationId={investigationId} evidenceId={id} />
        </div>
      )}
      <Provenance summary={summary} />
    </article>
  );
}
