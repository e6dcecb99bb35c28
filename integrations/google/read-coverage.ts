import type { Read, Series, Span } from '../../core/ports/telemetry.ts';
import type { Change } from '../../core/ports/telemetry.ts';
import type { Coverage } from '../../core/schemas/digest.ts';
import type { LogEntry } from './log-entry.ts';
import { toLogRecord } from './log-entry.ts';

const maxServices = 100;
const maxProblem = 200;

interface Seen {
  readonly at: number;
  readonly service: string | null;
}

function cover(kind: string, rows: readonly Seen[], problem: string | null): Coverage {
  const times = rows.map(({ at }) => at);
  const services = new Set(rows.flatMap(({ service }) => (service === null ? [] : [service.slice(0, 120)])));
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

/** What there is of metrics: samples, and whose. */
export function coverMetrics({ rows, truncated }: Read<Series>): Coverage {
  const seen = rows.flatMap(({ atMs, service }) => atMs.map((at) => ({ at, service })));
  return cover('metrics', seen, truncated);
}

export function coverSpans({ rows, truncated }: Read<Span>): Coverage {
  const seen = rows.map(({ startAt, service }) => ({ at: startAt, service }));
  return cover('traces', seen, truncated);
}

export function coverChanges({ rows, truncated }: Read<Change>): Coverage {
  const seen = rows.map(({ at, service }) => ({ at, service: service ?? null }));
  return cover('changes', seen, truncated);
}

/** What there is of logs. Cloud Logging does not count: of many lines the first and the last are looked at, and `rows` is what there is at least. */
export function coverLogs(
  first: readonly LogEntry[],
  last: readonly LogEntry[],
  isCut: boolean,
): Coverage {
  const byId = new Map([...first, ...last].map((entry) => [entry.insertId ?? entry, entry]));
  const records = [...byId.values()].flatMap((entry) => toLogRecord(entry, 0) ?? []);
  return cover('logs', records, isCut ? `at least ${records.length} lines, not counted further` : null);
}
