import { Group, Progress, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Action } from '../../../core/schemas/action.ts';
import type { Investigation } from '../../../core/schemas/investigation.ts';
import type { Report } from '../../../core/schemas/report.ts';
import {
  formatDay,
  formatDuration,
  formatInstant,
  formatRatio,
  formatSpan,
  toWords,
} from '../text/format.ts';
import { ToneBadge } from '../text/tone-badge.tsx';
import { outcomeOf } from '../text/verdict.ts';
import { proposalText } from './action-text.ts';
import { onsetClock } from './onset-clock.ts';
import classes from './report-header.module.css';

interface ReportHeaderProps {
  readonly investigation: Investigation;
  /** How far it is, by the newest event. */
  readonly percent: number;
  readonly report: Report | null;
  readonly actions: readonly Action[];
}

/** What a reader has to know in ten seconds: what broke, since when, how sure we are, what is proposed. */
export function ReportHeader({ investigation, percent, report, actions }: ReportHeaderProps) {
  const { title, createdAt, case: caseName, id } = investigation;
  const { label, tone } = outcomeOf(investigation);
  return (
    <header className={classes['header']}>
      <Group gap="sm">
        <ToneBadge tone={tone}>{label}</ToneBadge>
        <Text size="sm" c="var(--hf-dim)">
          {[formatInstant(createdAt), caseName, id].filter((part) => part !== null).join(' · ')}
        </Text>
      </Group>
      <Title order={1} size="h2">
        {title}
      </Title>
      {tone === 'running' && (
        <Progress value={percent} aria-label={`Progress of the investigation: ${percent} %`} />
      )}
      {report !== null && <Facts report={report} actions={actions} />}
    </header>
  );
}

function Facts({
  report,
  actions,
}: {
  readonly report: Report;
  readonly actions: readonly Action[];
}) {
  const [cause] = report.causes;
  const onset = report.onset ?? cause?.since ?? null;
  const proposal = proposalText(report, actions);
  return (
    <dl className={classes['facts']}>
      <Fact name="What broke">
        {cause === undefined ? noCause(report) : cause.entity.name}
        {cause !== undefined && <Detail>{toWords(cause.faultKind)}</Detail>}
      </Fact>
      <Fact name="Since">
        {onset === null ? 'not known' : onsetClock(onset)}
        {onset !== null && (
          <Detail title={formatSpan(onset.earliest, onset.latest)}>
            {formatDay(onset.latest)}
          </Detail>
        )}
      </Fact>
      <Fact name="Confidence">
        {cause === undefined ? '–' : formatRatio(cause.confidence)}
        <Detail>{confidenceDetail(report)}</Detail>
      </Fact>
      <Fact name="Proposed">
        {proposal.what}
        <Detail>{proposal.state}</Detail>
      </Fact>
    </dl>
  );
}

function noCause({ verdict }: Report): string {
  return verdict === 'no-cause-found' ? 'nothing that we can see' : 'not clear';
}

function confidenceDetail({ claims, cost }: Report): string {
  const checked = claims.filter((claim) => claim.checked).length;
  return `${checked} of ${claims.length} claims checked, in ${formatDuration(cost.wallMs)}`;
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={classes['fact']}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Detail({ title, children }: { readonly title?: string; readonly children: ReactNode }) {
  return (
    <span className={classes['detail']} title={title}>
      {children}
    </span>
  );
}
