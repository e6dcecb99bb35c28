import type { Span } from '../core/ports/telemetry.ts';
import type { ToolContext } from '../core/ports/tool.ts';
import type { Window } from '../core/schemas/primitives.ts';
import { createRecorder } from '../core/analysis/recorded.ts';
import { splitOfRecorded } from '../core/analysis/split-window.ts';
import { hullOf, isWithin } from '../core/analysis/stretches.ts';
import type { Stretches } from '../core/analysis/stretches.ts';
import { inferKinds } from '../core/analysis/traces/infer-kinds.ts';
import type { CallFact, OperationFact } from '../core/analysis/traces/trace-facts.ts';
import { readTrace } from '../core/analysis/traces/trace-facts.ts';
import type { Provenance } from './draft-evidence.ts';
import { createPause } from './pace.ts';
import type { Pause } from './pace.ts';
import { readEvenly } from './read-rows.ts';
import { describeWindow, splitContext } from './split-context.ts';

const maxSpans = 150_000;

/** The traces of the window, read as facts. `isSampled` warns that counts a second mean nothing. */
export interface Traces {
  readonly byTrace: ReadonlyMap<string, readonly Span[]>;
  readonly spanCount: number;
  readonly services: ReadonlySet<string>;
  readonly operations: readonly OperationFact[];
  readonly calls: readonly CallFact[];
  readonly read: Provenance;
  readonly truncated: string | null;
  readonly isSampled: boolean;
  /** When requests were recorded at all, where that was only now and then; null for all of the time. */
  readonly recorded: Stretches | null;
  /** Whether there are requests in a window. */
  readonly holds: (window: Window) => boolean;
  readonly pause: Pause;
}

/** Reads and analyses every trace of a window, by default the one under investigation, 150,000 spans at most, giving way to others as it goes. */
export async function readTraces(
  context: ToolContext,
  whole: Window = context.window,
): Promise<Traces> {
  const { telemetry, signal } = context;
  const pause = createPause(signal);
  const read = await readEvenly(
    (window, limit) => telemetry.spans({ window, limit }, signal),
    whole,
    maxSpans,
  );
  const byTrace = new Map<string, Span[]>();
  const services = new Set<string>();
  for (const [index, span] of inferKinds(read.rows).entries()) {
    const spans = byTrace.get(span.traceId);
    if (spans === undefined) byTrace.set(span.traceId, [span]);
    else spans.push(span);
    services.add(span.service);
    if (index % 1_000 === 0) await pause();
  }
  const operations: OperationFact[] = [];
  const calls: CallFact[] = [];
  for (const spans of byTrace.values()) {
    const facts = readTrace(spans, services);
    for (const fact of facts.operations) operations.push(fact);
    for (const call of facts.calls) calls.push(call);
    await pause();
  }
  const recorder = createRecorder();
  for (const { startAt } of operations) recorder.add(startAt);
  const { query, source, truncated } = read;
  return {
    byTrace,
    spanCount: read.rows.length,
    services,
    operations,
    calls,
    read: { query, source },
    truncated,
    isSampled: truncated !== null,
    recorded: recorder.stretches(),
    holds: (window) => operations.some(({ startAt }) => isWithin(window, startAt)),
    pause,
  };
}

/** Splits the context for traces as `splitContext` does; where no request at all is on the earlier side, there was nothing to see, and nothing is compared. */
export function splitTraces(
  context: ToolContext,
  { holds, recorded }: Pick<Traces, 'holds' | 'recorded'>,
): ReturnType<typeof splitContext> {
  const { split: whole, note } = splitContext(context, holds);
  if (whole === null) return { split: null, note };
  const split = splitOfRecorded(whole, recorded);
  if (split?.baseline.some((one) => holds(one)) === true) return { split, note };
  return {
    split: null,
    note: `nothing to compare with: no requests ${describeWindow(hullOf(whole.baseline))} UTC`,
  };
}
