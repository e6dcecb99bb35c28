import { CatchBoundary } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import type { ReactNode } from 'react';
import type { Evidence } from '../../../core/schemas/evidence.ts';
import type {
  GraphView as GraphData,
  LinesView as LinesData,
  MarkdownView as MarkdownData,
  SeriesView as SeriesData,
  TableView as TableData,
  TemplatesView as TemplatesData,
  WaterfallView as WaterfallData,
} from '../../../core/schemas/evidence-views.ts';
import { evidenceQuery } from '../api/queries.ts';
import { Failure } from '../report/failure.tsx';
import { LinesView } from './lines-view.tsx';
import { RawView } from './raw-view.tsx';
import { TableView } from './table-view.tsx';
import { TemplatesView } from './templates-view.tsx';
import { TextView } from './text-view.tsx';
import { WaterfallView } from './waterfall-view.tsx';

const SeriesView = lazy(async () => ({ default: (await import('./series-view.tsx')).SeriesView }));
const MarkdownView = lazy(async () => ({
  default: (await import('./markdown-view.tsx')).MarkdownView,
}));
const GraphView = lazy(async () => ({ default: (await import('./graph-view.tsx')).GraphView }));

interface EvidenceBodyProps {
  readonly investigationId: string;
  readonly evidenceId: string;
  /** Leaves out all charts but the first so many. */
  readonly mostCharts?: number;
}

/** Loads a piece of evidence and draws what was seen; data that cannot be drawn as its view says is shown as it is. */
export function EvidenceBody({ investigationId, evidenceId, mostCharts }: EvidenceBodyProps) {
  const { data: evidence, error } = useQuery(evidenceQuery(investigationId, evidenceId));
  if (evidence === undefined) return error === null ? <Loading /> : <Failure error={error} />;
  return (
    <CatchBoundary
      getResetKey={() => evidence.id}
      errorComponent={() => <RawView data={evidence.data} />}
    >
      <Suspense fallback={<Loading />}>{draw(evidence, mostCharts)}</Suspense>
    </CatchBoundary>
  );
}

function Loading() {
  return <p aria-busy="true">Loading …</p>;
}

/** The shape of the data follows from the view: tools write it so, by the same types. */
function draw({ view, data }: Evidence, mostCharts: number | undefined): ReactNode {
  switch (view) {
    case 'series':
      return <SeriesView data={data as SeriesData} mostCharts={mostCharts} />;
    case 'waterfall':
      return <WaterfallView data={data as WaterfallData} />;
    case 'graph':
      return <GraphView data={data as GraphData} />;
    case 'table':
      return <TableView data={data as TableData} />;
    case 'log-table':
      return isTemplates(data) ? (
        <TemplatesView data={data} />
      ) : (
        <LinesView data={data as LinesData} />
      );
    case 'text':
      return <TextView data={data} />;
    case 'markdown':
      return <MarkdownView data={data as MarkdownData} />;
  }
}

function isTemplates(data: unknown): data is TemplatesData {
  return typeof data === 'object' && data !== null && 'templates' in data;
}
