import { Text } from '@mantine/core';
import type { EvidenceSummary } from '../../../core/schemas/evidence.ts';
import type { Report } from '../../../core/schemas/report.ts';
import { Section } from '../report/section.tsx';
import { EvidenceCard } from './evidence-card.tsx';

const drawn: readonly EvidenceSummary['view'][] = ['series', 'graph', 'waterfall', 'log-table'];
const mostShown = 4;

interface EvidenceSectionProps {
  readonly investigationId: string;
  readonly evidence: readonly EvidenceSummary[];
  readonly report: Report | null;
}

/** All that was looked at, in the order taken. What the cause rests on is open where it is a picture. */
export function EvidenceSection({ investigationId, evidence, report }: EvidenceSectionProps) {
  const carrying = new Set(report?.causes.flatMap(({ evidenceIds }) => evidenceIds));
  const shown = evidence
    .filter(({ id, view }) => carrying.has(id) && drawn.includes(view))
    .slice(0, mostShown);
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
        <EvidenceCard
          key={summary.id}
          investigationId={investigationId}
          summary={summary}
          number={index + 1}
          isShown={shown.includes(summary)}
        />
      ))}
    </Section>
  );
}
