import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Report } from '../../../core/schemas/report.ts';
import {
  actionsQuery,
  evidenceListQuery,
  investigationQuery,
  reportQuery,
} from '../api/queries.ts';
import { EvidenceSection } from '../evidence/evidence-section.tsx';
import { CauseSection } from '../report/cause-section.tsx';
import { EvidenceContext } from '../report/citations.tsx';
import { ClaimsSection } from '../report/claims-section.tsx';
import { ConsideredSection, GapsSection, RuledOutSection } from '../report/doubt-sections.tsx';
import { Failure } from '../report/failure.tsx';
import { ProposalSection } from '../report/proposal-section.tsx';
import { ReportHeader } from '../report/report-header.tsx';
import { TimelineSection } from '../report/timeline-section.tsx';
import { useTitle } from './use-title.ts';
import classes from './investigation-page.module.css';

/** One investigation: live while it runs, and its report afterwards. */
export function InvestigationPage({ id }: { readonly id: string }) {
  const investigation = useQuery(investigationQuery(id));
  const report = useQuery(reportQuery(id));
  const evidence = useQuery(evidenceListQuery(id));
  const actions = useQuery(actionsQuery(id));
  useTitle(investigation.data?.title ?? id);
  if (investigation.error !== null) return <Failure error={investigation.error} />;
  if (investigation.data === undefined) return <Text c="var(--hf-dim)">Loading …</Text>;
  return (
    <EvidenceContext value={evidence.data ?? []}>
      <Stack gap="md">
        <ReportHeader
          investigation={investigation.data}
          report={report.data ?? null}
          actions={actions.data ?? []}
        />
        {report.data && (
          <div className={classes['columns']}>
            <Stack gap="md" miw={0}>
              <CauseSection report={report.data} />
              <ClaimsSection claims={report.data.claims} />
              <RuledOutSection ruledOut={report.data.ruledOut} />
            </Stack>
            <Stack gap="md" miw={0}>
              <ProposalSection
                remediations={report.data.remediations}
                actions={actions.data ?? []}
              />
              <Aside report={report.data} />
            </Stack>
          </div>
        )}
        <EvidenceSection evidence={evidence.data ?? []} />
      </Stack>
    </EvidenceContext>
  );
}

function Aside({ report }: { readonly report: Report }) {
  return (
    <>
      <TimelineSection timeline={report.timeline} />
      <ConsideredSection ranking={report.ranking} />
      <GapsSection gaps={report.gaps} />
    </>
  );
}
