import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Report } from '../../../core/schemas/report.ts';
import {
  actionsQuery,
  evidenceListQuery,
  investigationQuery,
  isUnsettled,
  reportQuery,
} from '../api/queries.ts';
import { useEvents } from '../events/use-events.ts';
import { useRefresh } from '../events/use-refresh.ts';
import { EvidenceSection } from '../evidence/evidence-section.tsx';
import { BlastContext } from '../report/blast-context.ts';
import { CauseSection } from '../report/cause-section.tsx';
import { EvidenceContext } from '../report/citations.tsx';
import { ClaimsSection } from '../report/claims-section.tsx';
import { ConsideredSection, GapsSection, RuledOutSection } from '../report/doubt-sections.tsx';
import { DiagnosisSection } from '../report/diagnosis-section.tsx';
import { Failure } from '../report/failure.tsx';
import { OnsetSection } from '../report/onset-section.tsx';
import { ProposalSection } from '../report/proposal-section.tsx';
import { ReportHeader } from '../report/report-header.tsx';
import { RunbooksSection } from '../report/runbooks-section.tsx';
import { TimelineSection } from '../report/timeline-section.tsx';
import { SquadSection } from '../squad/squad-section.tsx';
import { useTitle } from './use-title.ts';
import classes from './investigation-page.module.css';

/** Before there is a report. */
const nothing = { affected: [], chain: [] };

/** One investigation: live while it runs, and its report afterwards. */
export function InvestigationPage({ id }: { readonly id: string }) {
  const investigation = useQuery(investigationQuery(id));
  const hasEnded = (investigation.data?.endedAt ?? null) !== null;
  const report = useQuery({ ...reportQuery(id), enabled: hasEnded });
  const evidence = useQuery(evidenceListQuery(id));
  const actions = useQuery(actionsQuery(id));
  const expectsMore = actions.data?.some(isUnsettled) ?? false;
  const story = useEvents(id, { expectsMore });
  useRefresh(id, story.events);
  useTitle(investigation.data?.title ?? id);
  if (investigation.data === undefined) {
    if (investigation.error !== null) return <Failure error={investigation.error} />;
    return <Text c="var(--hf-dim)">Loading …</Text>;
  }
  return (
    <EvidenceContext value={evidence.data ?? []}>
      <BlastContext value={report.data ?? nothing}>
        <Stack gap="md">
          <ReportHeader
            investigation={investigation.data}
            percent={story.events.at(-1)?.percent ?? investigation.data.percent}
            report={report.data ?? null}
            actions={actions.data ?? []}
          />
          {report.data && (
            <div className={classes['columns']}>
              <div className={classes['main']}>
                <CauseSection report={report.data} />
                <OnsetSection investigationId={id} evidence={evidence.data ?? []} />
                <ClaimsSection claims={report.data.claims} />
                <DiagnosisSection diagnosis={report.data.diagnosis} />
                <RuledOutSection ruledOut={report.data.ruledOut} />
              </div>
              <div className={classes['side']}>
                <ProposalSection
                  remediations={report.data.remediations}
                  actions={actions.data ?? []}
                />
                <RunbooksSection />
                <Aside report={report.data} />
              </div>
            </div>
          )}
          <SquadSection story={story} />
          <EvidenceSection
            investigationId={id}
            evidence={evidence.data ?? []}
            report={report.data ?? null}
          />
        </Stack>
      </BlastContext>
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
