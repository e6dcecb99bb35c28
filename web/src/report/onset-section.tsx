import type { EvidenceSummary } from '../../../core/schemas/evidence.ts';
import { EvidenceBody } from '../evidence/evidence-body.tsx';
import { Citations } from './citations.tsx';
import { Section } from './section.tsx';

interface OnsetSectionProps {
  readonly investigationId: string;
  readonly evidence: readonly EvidenceSummary[];
}

/** The course of what users felt: the first series that was looked at, which is what the onset was read off. */
export function OnsetSection({ investigationId, evidence }: OnsetSectionProps) {
  const first = evidence.find(({ view }) => view === 'series');
  if (first === undefined) return null;
  return (
    <Section title={first.title} aside={<Citations ids={[first.id]} />}>
      <EvidenceBody investigationId={investigationId} evidenceId={first.id} mostCharts={1} />
    </Section>
  );
}
