import { sayClockSkews } from '../../core/analysis/traces/clock-skew.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import type { Coverage } from '../../core/schemas/digest.ts';
import type { Window } from '../../core/schemas/primitives.ts';
import { toLogRecord } from './log-entry.ts';
import { readEntries, writeLogsFilter } from './read-logs.ts';

const maxServices = 100;
const maxProblem = 200;
/** As many as the tools ask for, so that they find what was read here. */
const mostSeries = 5_000;
const mostSpans = 150_000;
const mostChanges = 500;
const glance = 1_000;

interface Seen {
  readonly at: number;
  readonly service: string | null;
}

function cover(kind: string, rows: readonly Seen[], problem: string | null): Coverage {
  const times = rows.map(({ at }) => at);
  const services = new Set(
    rows.flatMap(({ service }) => (service === null ? [] : [service.slice(0, 120)])),
  );
  return {
    kind,
    rows: rows.length,
    ...(times.length === 0
      ? {}
      : {
          firstAt: times.reduce((least, at) => Math.min(least, at)),
          lastAt: times.reduce((most, at) => Math.max(most, at)),
        }),
    services: [...services].toSorted().slice(0, maxServices),
    ...(problem === null ? {} : { problem: problem.slice(0, maxProblem) }),
  };
}

/** Says what there is of metrics, traces and changes, by what the tools will ask for anyway, and whose clocks are off. */
export async function readCoverage(
  telemetry: Pick<Telemetry, 'window' | 'metrics' | 'spans' | 'changes'>,
  signal: AbortSignal,
): Promise<readonly Coverage[]> {
  const { window } = telemetry;
  const [metrics, spans, changes] = await Promise.all([
    telemetry.metrics({ window, limit: mostSeries }, signal),
    telemetry.spans({ window, limit: mostSpans }, signal),
    telemetry.changes({ window, limit: mostChanges }, signal),
  ]);
  const samples = metrics.rows.flatMap(({ atMs, service }) => atMs.map((at) => ({ at, service })));
  const starts = spans.rows.map(({ startAt, service }) => ({ at: startAt, service }));
  const changed = changes.rows.map(({ at, service }) => ({ at, service: service ?? null }));
  const left = spans.truncated === null ? [] : [spans.truncated];
  return [
    cover('metrics', samples, metrics.truncated),
    cover('traces', starts, [...sayClockSkews(spans.rows), ...left].join('; ') || null),
    cover('changes', changed, changes.truncated),
  ];
}

/** Says what there is of logs. Cloud Logging does not count: of many lines the first and the last are looked at, and `rows` is what there is at least. */
export async function glanceAtLogs(
  backend: Parameters<typeof readEntries>[0],
  window: Window,
  signal: AbortSignal,
): Promise<Coverage> {
  const filter = writeLogsFilter({ window });
  const first = await readEntries(backend, { filter, limit: glance }, signal);
  const last =
    first.left === null
      ? { rows: [] }
      : await readEntries(backend, { filter, limit: glance, order: 'desc' }, signal);
  const entries = [...first.rows, ...last.rows].map(
    (entry) => [entry.insertId ?? entry, entry] as const,
  );
  const records = [...new Map(entries).values()].flatMap((entry) => toLogRecord(entry, 0) ?? []);
  const least = `at least ${records.length} lines, not counted further`;
  return cover('logs', records, first.left === null ? null : least);
}
