import { Text } from '@mantine/core';
import type { Report } from '../../../core/schemas/report.ts';
import { formatRatio, toHeading } from '../text/format.ts';
import { Citations } from './citations.tsx';
import { ChainSteps } from './chain-steps.tsx';
import { Section } from './section.tsx';

/** What did it and how, and over which calls it reached those who suffered. */
export function CauseSection({ report }: { readonly report: Report }) {
  const { causes, chain, summary } = report;
  if (causes.length === 0) {
    return (
      <Section title="What was found">
        <Text>{summary}</Text>
      </Section>
    );
  }
  return (
    <Section title={causes.length === 1 ? 'Cause' : 'Causes'}>
      {causes.map((cause) => (
        <div key={`${cause.entity.kind} ${cause.entity.name} ${cause.faultKind}`}>
          <Text size="lg">
            {cause.mechanism}
            <Citations ids={cause.evidenceIds} />
          </Text>
          <Text size="sm" c="var(--hf-dim)" mt={4}>
            {causeFacts(cause).join(' · ')}
          </Text>
        </div>
      ))}
      {chain.length > 0 && <ChainSteps chain={chain} />}
    </Section>
  );
}

function causeFacts({
  entity,
  faultKind,
  changeId,
  confidence,
}: Report['causes'][number]): string[] {
  return [
    `${entity.kind} ${entity.name}`,
    toHeading(faultKind),
    ...(changeId === null ? [] : [`change ${changeId}`]),
    `confidence ${formatRatio(confidence)}`,
  ];
}
