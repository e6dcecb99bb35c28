import { Text } from '@mantine/core';
import type { Action } from '../../../core/schemas/action.ts';
import type { Report } from '../../../core/schemas/report.ts';
import { ActionCard } from './action-card.tsx';
import { remediationText } from './action-text.ts';
import { Citations } from './citations.tsx';
import { Section } from './section.tsx';
import classes from './proposal-section.module.css';

interface ProposalSectionProps {
  readonly remediations: Report['remediations'];
  readonly actions: readonly Action[];
}

/** What would help, and the writes that are ready to be decided on. */
export function ProposalSection({ remediations, actions }: ProposalSectionProps) {
  if (remediations.length === 0 && actions.length === 0) return null;
  return (
    <Section
      title="Proposed"
      tone={actions.some(({ state }) => state === 'proposed') ? 'accent' : 'plain'}
    >
      {remediations.map((remediation) => (
        <div key={`${remediation.kind} ${remediation.target.name}`} className={classes['remedy']}>
          <Text fw={600}>{remediationText(remediation)}</Text>
          <Text size="sm">
            {remediation.rationale} Risk: {remediation.risk}.
            <Citations ids={remediation.evidenceIds} />
          </Text>
        </div>
      ))}
      {actions.map((action) => (
        <ActionCard key={action.actionId} action={action} />
      ))}
    </Section>
  );
}
