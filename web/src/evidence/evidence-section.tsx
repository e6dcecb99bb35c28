import { Text } from '@mantine/core';
import type { EvidenceSummary } from '../../../core/schemas/evidence.ts';
import { Section } from '../report/section.tsx';
import { EvidenceCard } from './evidence-card.tsx';

/** All that was looked at, in the order taken. */
export function EvidenceSection({ evidence }: { readonly evidence: readonly EvidenceSummary[] }) {
  return (
    <Section
      title="Evidence"
      aside={
        <Text size="sm" c="var(--hf-dim)">
          {evidence.length} pieces
        </Text>
      }
    >
      {evidence.map((summary, index) => (
        <EvidenceCard key={summary.id} summary={summary} number={index + 1} />
      ))}
    </Section>
  );
}
