import type { protos } from '@google-cloud/logging';
import type { LogRecord } from '../../core/ports/telemetry.ts';
import { msOf, nanosOf } from './instants.ts';
import type { AttributedRecord } from './read-logs.ts';
import { originOf } from './service-of.ts';
import type { Labels } from './service-of.ts';
import { flattenStruct } from './struct.ts';
import { labelsWithoutSecrets, withoutSecrets } from './without-secrets.ts';

export type LogEntry = protos.google.logging.v2.ILogEntry;

const severities: Readonly<Record<string, LogRecord['severity']>> = {
  DEBUG: 'debug',
  INFO: 'info',
  NOTICE: 'info',
  WARNING: 'warn',
  ERROR: 'error',
  CRITICAL: 'fatal',
  ALERT: 'fatal',
  EMERGENCY: 'fatal',
};

/** Names under which programs put what a line says. */
const messageKeys = ['message', 'msg', 'body', 'textPayload'];

/** Reads an entry as a log record, its secrets masked; null when it has no time. What its payload says beside the message is attributes. */
export function toLogRecord(entry: LogEntry, row: number): AttributedRecord | null {
  const nanos = nanosOf(entry.timestamp);
  if (nanos === null) return null;
  const labels = labelsWithoutSecrets(entry.labels ?? {});
  const { body, rest } = readPayload(entry);
  return {
    at: msOf(nanos),
    body,
    ...originOf(resourceOf(entry), labels),
    severity: severities[String(entry.severity)] ?? null,
    traceId: entry.trace?.split('/').at(-1) || null,
    spanId: entry.spanId || null,
    row,
    attributes: { ...labels, ...rest },
  };
}

/** Gives the resource that an entry names. */
export function resourceOf({ resource }: LogEntry): {
  readonly type: string;
  readonly labels: Labels;
} {
  return { type: resource?.type ?? '', labels: resource?.labels ?? {} };
}

function readPayload(entry: LogEntry): { readonly body: string; readonly rest: Labels } {
  if (typeof entry.textPayload === 'string' && entry.textPayload !== '') {
    return { body: withoutSecrets(entry.textPayload), rest: {} };
  }
  const payload = labelsWithoutSecrets(flattenStruct(entry.jsonPayload));
  const key = messageKeys.find((one) => (payload[one] ?? '') !== '');
  if (key === undefined) return { body: JSON.stringify(payload), rest: payload };
  const { [key]: body = '', ...rest } = payload;
  return { body, rest };
}
