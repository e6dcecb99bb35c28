import type { Export } from './collector.ts';
import { plainAttributes, plainValue, readOrigin, toEpochMs } from './otlp.ts';
import type { LogsExport, OtlpLogRecord } from './otlp.ts';
import type { Window } from './trace-lines.ts';

function toRow(
  record: OtlpLogRecord,
  origin: { readonly service: string; readonly instance: string },
): Readonly<Record<string, unknown>> {
  const attributes = plainAttributes(record.attributes);
  return {
    time: new Date(toEpochMs(record.timeUnixNano)).toISOString(),
    severity: record.severityText,
    ...origin,
    body: plainValue(record.body),
    ...(record.traceId !== undefined && { trace_id: record.traceId, span_id: record.spanId }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  };
}

/** The log records of the window, one JSON line each, in order of time. */
export function toLogLines(exports: readonly Export[], window: Window): readonly string[] {
  return exports
    .filter(({ signal }) => signal === 'logs')
    .flatMap(({ body }) => (JSON.parse(body) as LogsExport).resourceLogs)
    .flatMap(({ resource, scopeLogs }) => {
      const origin = readOrigin(resource);
      return scopeLogs
        .flatMap(({ logRecords }) => logRecords)
        .map((record) => ({ timeMs: toEpochMs(record.timeUnixNano), row: toRow(record, origin) }));
    })
    .filter(({ timeMs }) => timeMs >= window.startMs && timeMs < window.endMs)
    .sort((one, other) => one.timeMs - other.timeMs)
    .map(({ row }) => JSON.stringify(row));
}
