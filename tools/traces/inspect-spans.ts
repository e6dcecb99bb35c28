import { median } from '../../core/analysis/quantiles.ts';
import type { SplitWindow } from '../../core/analysis/split-window.ts';
import { isInside } from '../../core/analysis/stretches.ts';
import type { Stretches } from '../../core/analysis/stretches.ts';
import { compareCalls } from '../../core/analysis/traces/compare-calls.ts';
import { compareService, usualWaits } from '../../core/analysis/traces/compare-service.ts';
import { errorReasonOf, isErrorSpan } from '../../core/analysis/traces/span-error.ts';
import type { OperationFact } from '../../core/analysis/traces/trace-facts.ts';
import { waterfallOf } from '../../core/analysis/traces/waterfall.ts';
import { compareTexts } from '../../core/compare-texts.ts';
import { observationOf, rounded } from '../../core/observation.ts';
import type { ToolContext } from '../../core/ports/tool.ts';
import type { Observation } from '../../core/schemas/digest.ts';
import type { EvidenceDraft } from '../../core/schemas/evidence.ts';
import type { WaterfallView } from '../../core/schemas/evidence-views.ts';
import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import { leastScore } from '../compare-metrics.ts';
import { cutText, draftEvidence } from '../draft-evidence.ts';
import { tableData } from '../evidence-data.ts';
import { observedData } from '../observed-data.ts';
import { readTraces, splitTraces } from '../read-traces.ts';
import type { Traces } from '../read-traces.ts';
import { windowToRead } from '../split-context.ts';

const maxWaterfallSpans = 200;
const maxReasons = 3;
const maxReasonLength = 200;

function compareParts(service: string, traces: Traces, split: SplitWindow): readonly Observation[] {
  const entity = { kind: 'service' as const, name: service };
  const operations = traces.operations.filter((fact) => fact.service === service);
  const own = compareService(operations, split, usualWaits(traces.calls, split))
    .filter(({ aspect }) => aspect === 'self-time' || aspect === 'own-error')
    .filter(({ operation }) => operation !== null)
    .map(({ aspect, operation, unit, shift }) =>
      observationOf({ entity, aspect, name: operation ?? '', unit, shift }),
    );
  const calls = traces.calls.filter((call) => call.service === service);
  const edges = compareCalls(calls, split)
    .filter(({ aspect }) => aspect !== 'edge-traffic' || !traces.isSampled)
    .map(({ peer, aspect, operation, unit, shift }) =>
      observationOf({ entity, peer, aspect, name: operation ?? 'all calls', unit, shift }),
    );
  return [...own, ...edges].sort((one, other) => other.score - one.score);
}

/** The median duration of each operation before. O(n log n), however many operations there are: names that hold an id are as many as requests. */
function usualDurations(
  facts: readonly OperationFact[],
  { baseline }: SplitWindow,
): ReadonlyMap<string, number> {
  const durations = new Map<string, number[]>();
  for (const { operation, startAt, durationMs } of facts) {
    if (!isInside(baseline, startAt)) continue;
    const known = durations.get(operation);
    if (known === undefined) durations.set(operation, [durationMs]);
    else known.push(durationMs);
  }
  return new Map([...durations].map(([operation, own]) => [operation, median(own)]));
}

/**
 * The request that shows the trouble best: the last that failed where failures stand out, else the one furthest beyond its usual duration.
 *
 * @internal for tests.
 */
export function worstRequest(
  facts: readonly OperationFact[],
  split: SplitWindow,
  strongest: Observation | undefined,
): OperationFact | null {
  const after = facts.filter(({ startAt }) => isInside(split.after, startAt));
  const isAboutErrors = strongest?.aspect === 'own-error' || strongest?.aspect === 'edge-error';
  const failed = after
    .filter(({ origin }) => origin !== null)
    .reduce<OperationFact | null>(
      (last, fact) => (last === null || isEarlier(last, fact) ? fact : last),
      null,
    );
  if (isAboutErrors && failed !== null) return failed;
  const usual = usualDurations(facts, split);
  const excessOf = (fact: OperationFact): number =>
    fact.durationMs / Math.max(1, usual.get(fact.operation) ?? 1);
  return after.reduce<OperationFact | null>((most, fact) => {
    const more = most === null ? 1 : excessOf(fact) - excessOf(most);
    return most === null || more > 0 || (more === 0 && isEarlier(fact, most)) ? fact : most;
  }, null);
}

/** Of two that began at once the one with the lesser name of its trace, so that the order in which spans come decides nothing. */
function isEarlier(one: OperationFact, other: OperationFact): boolean {
  return (one.startAt - other.startAt || compareTexts(one.traceId, other.traceId)) < 0;
}

function waterfallData(traceId: string, traces: Traces): WaterfallView {
  const rows = waterfallOf(traces.byTrace.get(traceId) ?? []);
  return {
    traceId,
    spans: rows
      .slice(0, maxWaterfallSpans)
      .map(({ span, startAt, durationMs, depth, criticalMs, hasFailed, reason }) => ({
        spanId: span.spanId,
        parentSpanId: span.parentSpanId,
        service: span.service,
        name: span.name,
        kind: span.kind,
        startAt: Number(startAt.toFixed(3)),
        durationMs: rounded(durationMs),
        depth,
        criticalMs: rounded(criticalMs),
        hasFailed,
        reason: reason === null ? null : cutText(reason, 300),
      })),
    omittedSpans: Math.max(0, rows.length - maxWaterfallSpans),
  };
}

/** Why spans of a service failed: where, by what reason, and how often on either side. */
interface CommonReason {
  readonly reason: string;
  readonly after: number;
  readonly before: number;
}

/** The commonest reasons for which spans of a service failed after. */
async function commonReasons(
  service: string,
  traces: Traces,
  split: SplitWindow,
): Promise<readonly CommonReason[]> {
  const counts = new Map<string, { after: number; before: number }>();
  const count = (reason: string, times: Stretches, at: number, side: 'after' | 'before'): void => {
    if (!isInside(times, at)) return;
    const known = counts.get(reason) ?? { after: 0, before: 0 };
    known[side] += 1;
    counts.set(reason, known);
  };
  for (const spans of traces.byTrace.values()) {
    for (const span of spans) {
      if (span.service !== service || !isErrorSpan(span)) continue;
      const reason = `${span.name}: ${errorReasonOf(span) ?? 'no reason given'}`;
      count(reason, split.after, span.startAt, 'after');
      count(reason, split.baseline, span.startAt, 'before');
    }
    await traces.pause();
  }
  return [...counts]
    .filter(([, { after }]) => after > 0)
    .sort(
      ([reason, one], [otherReason, other]) =>
        other.after - one.after || compareTexts(reason, otherReason),
    )
    .slice(0, maxReasons)
    .map(([reason, counted]) => ({ reason: cutText(reason, maxReasonLength), ...counted }));
}

function draftReasons(
  service: string,
  reasons: readonly CommonReason[],
  traces: Traces,
  context: ToolContext,
): EvidenceDraft {
  return draftEvidence({
    key: `${service}/failures`,
    kind: 'traces',
    title: `Why spans of ${service} failed, the commonest reasons`,
    read: traces.read,
    window: context.window,
    view: 'table',
    data: tableData(
      ['reason', 'failed before', 'failed after'],
      reasons.map(({ reason, before, after }) => [reason, before, after]),
    ),
  });
}

function draftTable(
  service: string,
  observations: readonly Observation[],
  traces: Traces,
  context: ToolContext,
): EvidenceDraft {
  return draftEvidence({
    key: `${service}/operations`,
    kind: 'traces',
    title: `Operations and outgoing calls of ${service}, before and after`,
    read: traces.read,
    window: context.window,
    view: 'table',
    data: observedData(observations),
  });
}

/** Looks inside one service: what its operations do themselves, what its calls take, and one request that shows it. */
export const inspectSpans = defineTool({
  name: 'inspect-spans',
  description:
    'Looks inside one service by its traces: self time and own errors of each operation, duration, errors and traffic of each outgoing call (gap = time that the callee does not account for), the worst recent trace, the commonest error reasons.',
  input: z.strictObject({ service: z.string().min(1).max(120) }),
  effect: 'read',
  needs: 'traces',
  timeoutMs: 60_000,
  run: async ({ service }, context) => {
    const traces = await readTraces(context, windowToRead(context));
    const { split, note } = splitTraces(context, traces);
    const facts = traces.operations.filter((fact) => fact.service === service);
    const observations = split === null ? [] : compareParts(service, traces, split);
    const worst = split === null ? null : worstRequest(facts, split, observations[0]);
    const waterfall =
      worst === null
        ? []
        : [
            draftEvidence({
              key: `${service}/worst-trace`,
              kind: 'traces',
              title: `The worst recent trace through ${service}: ${worst.operation}, ${rounded(worst.durationMs)} ms${worst.origin === null ? '' : ', failed'}`,
              read: traces.read,
              window: context.window,
              view: 'waterfall',
              data: waterfallData(worst.traceId, traces),
            }),
          ];
    const seen = `${service}: ${facts.length} requests; ${note}`;
    const reasons = split === null ? [] : await commonReasons(service, traces, split);
    const said = reasons.map(
      ({ reason, after, before }) => `${after} failed (${before} before) at ${reason}`,
    );
    return {
      ok: true,
      evidence: [
        draftTable(service, observations, traces, context),
        ...waterfall,
        ...(reasons.length === 0 ? [] : [draftReasons(service, reasons, traces, context)]),
      ],
      digest: {
        observations: observations.filter(({ score }) => score >= leastScore),
        notes: [...said, seen],
        ...(traces.truncated === null ? {} : { truncated: traces.truncated }),
      },
    };
  },
});
