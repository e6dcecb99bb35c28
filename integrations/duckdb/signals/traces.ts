import {
  isObject,
  nanoTime,
  otlpItems,
  problemOf,
  refuseAttributes,
  refuseUntyped,
  requireText,
  requireTime,
  requireTyped,
  textShape,
} from './signal.ts';
import type { Signal } from './signal.ts';

const kinds = 'one of server, client, producer, consumer, internal';
const statuses = 'one of ok, error, unset';

const durations = [
  { column: 'duration_ns', factor: 1 },
  { column: 'duration_us', factor: 1e3 },
  { column: 'duration_ms', factor: 1e6 },
  { column: 'duration_s', factor: 1e9 },
];
const givenNs = `coalesce(${durations
  .map(({ column, factor }) => `try_cast(${column} AS DOUBLE) * ${factor}`)
  .join(', ')})`;

const typedRow = `
  CASE WHEN NOT isfinite(duration_number) THEN 'not a number' WHEN duration_number < 0 THEN 'negative duration'
    WHEN NOT inside(instant) THEN 'outside' END AS dropped,
  CASE WHEN clean(service) IS NULL THEN 'no service' END AS noted,
  instant AS time, duration_number AS duration_ns, clean(trace_id) AS trace_id, clean(span_id) AS span_id,
  id_text(parent_span_id) AS parent_span_id,
  coalesce(clean(service), 'unknown_service') AS service, clean(instance) AS instance, coalesce(clean(name), '') AS name,
  kind_word AS kind, status_word AS status, CASE WHEN inside(instant) THEN attribute_text(attributes) END AS attributes, around`;

const otlpSpan = {
  ...textShape(['traceId', 'spanId', 'parentSpanId', 'startTimeUnixNano', 'endTimeUnixNano']),
  ...textShape(['name', 'kind']),
  status: textShape(['code']),
  attributes: 'JSON',
};

const otlpKeys = { resources: 'resourceSpans', scopes: 'scopeSpans', items: 'spans' };

/** Spans. A span told twice, as exporters do when they try again, is kept once, the longest telling of it. */
export const traces: Signal = {
  kind: 'traces',
  columns: [
    'trace_id',
    'span_id',
    'parent_span_id',
    'start',
    'duration_ns',
    'duration_us',
    'duration_ms',
    'duration_s',
    'end',
    'service',
    'instance',
    'name',
    'kind',
    'status',
    'attributes',
  ],
  required: [
    ['trace_id'],
    ['span_id'],
    ['start'],
    [...durations.map(({ column }) => column), 'end'],
  ],
  timeColumns: ['start', 'end'],
  serviceColumn: 'service',
  extra: 'attributes',
  blanks: {},
  rawColumns: `time TIMESTAMP, duration_ns DOUBLE, trace_id VARCHAR, span_id VARCHAR, parent_span_id VARCHAR, service VARCHAR,
    instance VARCHAR, name VARCHAR, kind VARCHAR, status VARCHAR, attributes VARCHAR, around VARCHAR`,
  typeTable: (clock) => `
    instants AS (
      SELECT *, ${clock.read('start')} AS instant, ${clock.read('"end"')} AS end_instant, ${givenNs} AS given_ns,
        span_kind(kind) AS kind_word, span_status(status) AS status_word, ${isObject} FROM stage),
    typed AS (
      SELECT *, CASE WHEN given_ns IS NOT NULL THEN given_ns ELSE 1000.0 * (epoch_us(end_instant) - epoch_us(instant)) END AS duration_number
      FROM instants)
    SELECT record, ${problemOf([
      requireText('trace_id', 'trace_id'),
      requireText('span_id', 'span_id'),
      ...requireTime('start', 'start', 'instant', clock),
      ...durations.map(({ column }) =>
        refuseUntyped(column, column, `try_cast(${column} AS DOUBLE)`, 'a number'),
      ),
      refuseUntyped('end', '"end"', 'end_instant', clock.noun),
      { field: 'duration_ns', when: 'duration_number IS NULL', says: `'is required (or end)'` },
      refuseUntyped('kind', 'kind', 'kind_word', kinds),
      refuseUntyped('status', 'status', 'status_word', statuses),
      refuseAttributes,
    ])}, ${typedRow} FROM typed`,
  otlpKey: otlpKeys.resources,
  typeOtlp: `
    ${otlpItems(otlpKeys, otlpSpan)},
    typed AS (
      SELECT record, service, instance, around, item.attributes AS attributes, item.traceId AS trace_id, item.spanId AS span_id,
        item.parentSpanId AS parent_span_id, item.startTimeUnixNano AS start, item.endTimeUnixNano AS "end", item.name AS name,
        item.kind AS kind, item.status.code AS status, nano_time(start) AS instant, nano_time("end") AS end_instant,
        CAST(nanos("end") - nanos(start) AS DOUBLE) AS duration_number, span_kind(kind) AS kind_word, span_status(status) AS status_word
      FROM items)
    SELECT record, ${problemOf([
      requireText('traceId', 'trace_id'),
      requireText('spanId', 'span_id'),
      ...requireTyped('startTimeUnixNano', 'start', 'instant', nanoTime),
      ...requireTyped('endTimeUnixNano', '"end"', 'end_instant', nanoTime),
      refuseUntyped('kind', 'kind', 'kind_word', 'a span kind'),
      refuseUntyped('status.code', 'status', 'status_word', 'a status code'),
    ])}, ${typedRow} FROM typed`,
  identity: 'trace_id, span_id',
  greatest: 'duration_ns',
  finish: `
    SELECT * EXCLUDE (file, record, problem, dropped, noted, time), time AS start
    FROM traces_raw WHERE dropped IS NULL ORDER BY time, trace_id, span_id`,
};
