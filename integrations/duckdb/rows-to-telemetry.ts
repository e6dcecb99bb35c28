import type { Change, LogRecord, Series, Span } from '../../core/ports/telemetry.ts';
import { flattenAttributes } from './flatten-attributes.ts';
import type { Row } from './open-database.ts';
import { asNumber, asNumbers, asText, asTextOrNull, asWord } from './row-values.ts';

const seriesKinds = ['gauge', 'counter', 'histogram'] as const;
const severities = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
const spanKinds = ['server', 'client', 'producer', 'consumer', 'internal', 'unset'] as const;
const spanStatuses = ['ok', 'error', 'unset'] as const;
const changeKinds = [
  'deploy',
  'config',
  'flag',
  'scale',
  'commit',
  'schema',
  'infrastructure',
] as const;
const maxRemembered = 10_000;
const maxFiles = 200;

/** Reads attributes, each pair of texts once. */
function createAttributeReader(): (row: Row) => Readonly<Record<string, string>> {
  const known = new Map<string, Readonly<Record<string, string>>>();
  return (row) => {
    const own = asText(row['attributes']);
    const around = asText(row['around']);
    const key = `${own}\n${around}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const attributes = flattenAttributes(own, around);
    if (known.size < maxRemembered) known.set(key, attributes);
    return attributes;
  };
}

/** The other end of a metric: told by a column, or by the attributes that name it for calls. */
function peerOf(metric: string, attributes: Readonly<Record<string, string>>): string | null {
  const called = metric.includes('.client.') ? attributes['server.address'] : undefined;
  return attributes['peer.service'] ?? called ?? null;
}

/** Makes the function that reads a row of grouped samples as a series. */
export function createSeriesReader(): (row: Row) => Series {
  const attributesOf = createAttributeReader();
  return (row) => {
    const metric = asText(row['metric']);
    const attributes = attributesOf(row);
    return {
      metric,
      service: asTextOrNull(row['service']),
      instance: asTextOrNull(row['instance']),
      peer: asTextOrNull(row['peer']) ?? peerOf(metric, attributes),
      statistic: asTextOrNull(row['statistic']),
      unit: asTextOrNull(row['unit']),
      kind: asWord(row['kind'], seriesKinds),
      attributes,
      atMs: asNumbers(row['at_ms']),
      values: asNumbers(row['samples']),
    };
  };
}

/** Reads a row as a log record. */
export function toLogRecord(row: Row): LogRecord {
  return {
    at: asNumber(row['at_ms']),
    body: asText(row['body']),
    service: asTextOrNull(row['service']),
    instance: asTextOrNull(row['instance']),
    severity: row['severity'] === null ? null : asWord(row['severity'], severities),
    traceId: asTextOrNull(row['trace_id']),
    spanId: asTextOrNull(row['span_id']),
    row: asNumber(row['rowid']),
  };
}

/** Makes the function that reads a row as a span. */
export function createSpanReader(): (row: Row) => Span {
  const attributesOf = createAttributeReader();
  return (row) => ({
    traceId: asText(row['trace_id']),
    spanId: asText(row['span_id']),
    parentSpanId: asTextOrNull(row['parent_span_id']),
    service: asText(row['service']),
    instance: asTextOrNull(row['instance']),
    name: asText(row['name']),
    kind: asWord(row['kind'], spanKinds),
    startAt: asNumber(row['start_ms']),
    durationMs: asNumber(row['duration_ms']),
    status: asWord(row['status'], spanStatuses),
    attributes: attributesOf(row),
  });
}

function parseFiles(text: string): readonly string[] {
  if (!text.startsWith('[')) return text.split(/[,;|\n]/);
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.map(String) : [text];
  } catch {
    // A name may begin with a bracket: then it is no JSON and stands for itself.
    return [text];
  }
}

/** Files as a list: a JSON array, or names separated by commas, semicolons, bars or line ends; at most 200. */
function readFiles(text: string | null): readonly string[] {
  const names = text === null ? [] : parseFiles(text).map((name) => name.trim());
  return names.filter((name) => name !== '').slice(0, maxFiles);
}

/** Reads a row as a change. */
export function toChange(row: Row): Change {
  const service = asTextOrNull(row['service']);
  const revision = asTextOrNull(row['revision']);
  const title = asTextOrNull(row['title']);
  return {
    id: asText(row['id']),
    kind: asWord(row['kind'], changeKinds),
    at: asNumber(row['at_ms']),
    ...(service !== null && { service }),
    ...(revision !== null && { revision }),
    ...(title !== null && { title }),
    author: asTextOrNull(row['author']),
    url: asTextOrNull(row['url']),
    files: readFiles(asTextOrNull(row['files'])),
    diff: asTextOrNull(row['diff']),
    attributes: flattenAttributes(asText(row['attributes']), asText(row['around'])),
  };
}
