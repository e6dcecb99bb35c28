import { baselineOf } from '../../core/analysis/baseline.ts';
import { busiestService, metricsOnset } from '../../core/analysis/metrics/metrics-onset.ts';
import type { SampledOnset } from '../../core/analysis/metrics/count-onset.ts';
import { requestCounts } from '../../core/analysis/metrics/request-counts.ts';
import type { RequestCounts } from '../../core/analysis/metrics/request-counts.ts';
import { serviceOnset } from '../../core/analysis/onset/service-onset.ts';
import type { ServiceOnset } from '../../core/analysis/onset/service-onset.ts';
import { bucketRequests } from '../../core/analysis/traces/bucket-requests.ts';
import { callGraph, entryService } from '../../core/analysis/traces/call-graph.ts';
import type { OperationFact } from '../../core/analysis/traces/trace-facts.ts';
import { observationOf } from '../../core/observation.ts';
import type { ToolContext } from '../../core/ports/tool.ts';
import type { EvidenceDraft } from '../../core/schemas/evidence.ts';
import type { Onset, Window } from '../../core/schemas/primitives.ts';
import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import type { ToolAnswer } from '../../core/tool.ts';
import { draftEvidence } from '../draft-evidence.ts';
import type { Provenance } from '../draft-evidence.ts';
import { feelAgainstBaseline } from '../feel-against-baseline.ts';
import type { Felt } from '../feel-against-baseline.ts';
import { seriesData } from '../evidence-data.ts';
import type { ChartSeries } from '../evidence-data.ts';
import { observedData } from '../observed-data.ts';
import { readSeries } from '../read-series.ts';
import { readTraces } from '../read-traces.ts';
import type { Traces } from '../read-traces.ts';
import { clockTime, describeWindow } from '../split-context.ts';

const chartParts = 60;
/** Of fewer values there is no band to speak of. */
const leastForBand = 5;

interface Found {
  readonly service: string;
  readonly onsets: readonly ServiceOnset[];
  readonly kind: Felt['kind'];
  readonly charts: readonly ChartSeries[];
  readonly read: Provenance;
  readonly truncated: string | null;
  readonly seenIn: string;
}

function chartsOf(
  facts: readonly OperationFact[],
  context: ToolContext,
  onsets: readonly ServiceOnset[],
): readonly ChartSeries[] {
  const buckets = bucketRequests(facts, context.window, chartParts);
  const onsetOf = (aspect: ServiceOnset['aspect']): Onset | null =>
    onsets.find((one) => one.aspect === aspect)?.onset ?? null;
  const { atMs } = buckets;
  return [
    {
      name: 'error ratio',
      unit: '1',
      atMs,
      values: buckets.errorRatio,
      onset: onsetOf('error-ratio'),
    },
    { name: 'P90 duration', unit: 'ms', atMs, values: buckets.p90Ms, onset: onsetOf('duration') },
    {
      name: 'requests',
      unit: '{request}/s',
      atMs,
      values: buckets.perSecond,
      onset: onsetOf('traffic'),
    },
  ];
}

/** The part of a window in which requests were recorded: before the first of any service nobody looked, which is not the same as no traffic. */
function recordedWindow({ operations }: Traces, window: Window): Window {
  const startAt = operations.reduce((first, fact) => Math.min(first, fact.startAt), window.endAt);
  return { startAt: Math.max(window.startAt, startAt), endAt: window.endAt };
}

function fromTraces(
  traces: Traces,
  wanted: string | undefined,
  context: ToolContext,
): Found | null {
  const service = wanted ?? entryService(traces.operations, callGraph(traces.calls));
  const facts = traces.operations.filter((fact) => fact.service === service);
  if (service === null || facts.length === 0) return null;
  const all = serviceOnset(facts, recordedWindow(traces, context.window));
  const isCounted = !traces.isSampled && traces.recorded === null;
  const onsets = isCounted ? all : all.filter(({ aspect }) => aspect !== 'traffic');
  return {
    service,
    onsets,
    kind: 'traces',
    charts: chartsOf(facts, context, onsets),
    read: traces.read,
    truncated: traces.truncated,
    seenIn: `${facts.length} requests in traces`,
  };
}

/** The series that began to be otherwise, then the requests behind them. */
function measuredCharts(
  onsets: readonly SampledOnset[],
  counts: readonly RequestCounts[],
): readonly ChartSeries[] {
  const shifted = onsets.map(({ aspect, operation, unit, samples, onset }) => ({
    name: `${operation} (${aspect})`,
    ...{ unit, ...samples, onset },
  }));
  const requests = counts.flatMap(({ metric, atMs, totals, failed, isSplit }) => [
    { name: metric, unit: '{request}', atMs, values: totals },
    ...(isSplit ? [{ name: `${metric} failed`, unit: '{request}', atMs, values: failed }] : []),
  ]);
  return [...shifted, ...requests];
}

async function fromMetrics(
  { wanted, symptom }: { readonly wanted: string | undefined; readonly symptom: string | null },
  context: ToolContext,
): Promise<Found | null> {
  const read = await readSeries(context, context.window, wanted);
  const counts = requestCounts(read.rows);
  const service = wanted ?? busiestService(counts);
  if (service === null || read.rows.length === 0) return null;
  const onsets = metricsOnset(read.rows, service, symptom);
  return {
    service,
    onsets,
    kind: 'metrics',
    charts: measuredCharts(
      onsets,
      counts.filter((one) => one.service === service && one.peer === null),
    ),
    read,
    truncated: read.truncated,
    seenIn: `${read.rows.length} series of metrics`,
  };
}

/** Adds the band that a series kept to before anything began: of values that stand for a time wholly before. */
function withBand(chart: ChartSeries, onsets: readonly ServiceOnset[]): ChartSeries {
  const beganAt = Math.min(...onsets.map(({ onset }) => onset.earliestAt));
  if (!Number.isFinite(beganAt)) return chart;
  const before = chart.values.filter(
    (_value, index) => (chart.atMs[index + 1] ?? Infinity) <= beganAt,
  );
  const baseline = baselineOf(before);
  return baseline === null || baseline.count < leastForBand ? chart : { ...chart, baseline };
}

/** The levels before and after of whatever began to be otherwise. */
function levelsOf({ observations, kind, read }: Felt, { window }: ToolContext): EvidenceDraft {
  return draftEvidence({
    key: `levels of ${[...new Set(observations.map(({ entity }) => entity.name))].join(', ')}`,
    title: 'How it was before it began to be otherwise, and after',
    view: 'table',
    data: observedData(observations),
    ...{ kind, read, window },
  });
}

async function answer(found: Found, context: ToolContext): Promise<ToolAnswer> {
  const { service, onsets } = found;
  const dated = onsets.map(({ aspect, operation, unit, shift, onset }) =>
    observationOf({
      entity: { kind: 'service', name: service },
      aspect,
      name: operation ?? 'all operations',
      unit,
      shift,
      onset,
    }),
  );
  const felt = dated.length > 0 ? null : await feelAgainstBaseline(service, context);
  const observations = felt?.observations ?? dated;
  const first = observations[0];
  const said =
    first?.onset === undefined
      ? `${service}: errors, durations and traffic stayed as they were; looked at ${found.seenIn}, ${describeWindow(context.window)} UTC`
      : `${service}: ${first.aspect} began between ${clockTime(first.onset.earliestAt)} and ${clockTime(first.onset.latestAt)} UTC; looked at ${found.seenIn}`;
  const charts: EvidenceDraft = draftEvidence({
    key: `${service}/onset`,
    kind: found.kind,
    title: `When ${service} began to be otherwise`,
    read: found.read,
    window: context.window,
    view: 'series',
    data: seriesData(found.charts.map((chart) => withBand(chart, found.onsets))),
  });
  const { kind, read } = felt ?? found;
  const levels = observations.length === 0 ? [] : [levelsOf({ observations, kind, read }, context)];
  return {
    ok: true,
    evidence: [charts, ...levels],
    digest: {
      observations,
      notes: [said],
      ...(found.truncated === null ? {} : { truncated: found.truncated }),
    },
  };
}

/** Dates the beginning of the trouble from what users of a service felt, with no suspicion needed. */
export const findOnset = defineTool({
  name: 'find-onset',
  description:
    'Finds when it began: where the error ratio, the duration or the traffic of a service (default: the one the alert is about, else the one users come in through), or what the alert watches of it, shifts within the window. Nothing is returned when nothing shifts.',
  input: z.strictObject({ service: z.string().min(1).max(120).optional() }),
  effect: 'read',
  timeoutMs: 60_000,
  run: async ({ service }, context) => {
    const { entity, title, symptom = title ?? null } = context.alert ?? {};
    const traces = await readTraces(context);
    for (const wanted of new Set([service ?? entity?.name, service])) {
      const traced = fromTraces(traces, wanted, context);
      if (traced !== null && traced.onsets.length > 0) return answer(traced, context);
      const measured = await fromMetrics({ wanted, symptom }, context);
      const found = measured !== null && measured.onsets.length > 0 ? measured : traced;
      if (found !== null) return answer(found, context);
      if (measured !== null) return answer(measured, context);
    }
    const felt = await feelAgainstBaseline(service ?? null, context);
    if (felt !== null) {
      const note = `otherwise than in the healthy time that the case gives, all through ${describeWindow(context.window)} UTC`;
      const { observations } = felt;
      return {
        ok: true,
        evidence: [levelsOf(felt, context)],
        digest: { observations, notes: [note] },
      };
    }
    const whose = service === undefined ? 'of any service' : `of ${service}`;
    return {
      ok: true,
      evidence: [],
      digest: {
        notes: [`no requests ${whose} in traces or metrics, ${describeWindow(context.window)} UTC`],
      },
    };
  },
});
