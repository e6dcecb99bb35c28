import {
  isObject,
  nanoTime,
  otlpItems,
  problemOf,
  refuseAttributes,
  requireTime,
  requireTyped,
  textShape,
} from './signal.ts';
import type { Signal } from './signal.ts';

const columns = `time TIMESTAMP, body VARCHAR, service VARCHAR, instance VARCHAR, severity VARCHAR, trace_id VARCHAR, span_id VARCHAR,
  attributes VARCHAR, around VARCHAR`;

/** What leaves a typed log row; of a row outside the windows neither body nor attributes are kept. */
const typedRow = `
  CASE WHEN NOT inside(instant) THEN 'outside' END AS dropped,
  CASE WHEN severity IS NULL AND trim(severity_text) <> '' THEN 'unknown severity' END AS noted,
  instant AS time, CASE WHEN inside(instant) THEN coalesce(clean(body), '') END AS body, clean(service) AS service,
  clean(instance) AS instance, severity, id_text(trace_id) AS trace_id, id_text(span_id) AS span_id,
  CASE WHEN inside(instant) THEN attribute_text(attributes) END AS attributes, CASE WHEN inside(instant) THEN around END AS around`;

const otlpLog = {
  ...textShape(['timeUnixNano', 'observedTimeUnixNano', 'severityNumber', 'severityText']),
  ...textShape(['traceId', 'spanId', 'eventName']),
  body: 'JSON',
  attributes: 'JSON',
};

const otlpKeys = { resources: 'resourceLogs', scopes: 'scopeLogs', items: 'logRecords' };

/** Log records. Equal lines of the same instant stay: clocks of logs are often coarse. */
export const logs: Signal = {
  kind: 'logs',
  columns: [
    'time',
    'body',
    'service',
    'instance',
    'node',
    'severity',
    'trace_id',
    'span_id',
    'attributes',
  ],
  required: [['time'], ['body']],
  timeColumns: ['time'],
  serviceColumn: 'service',
  extra: 'attributes',
  attributesUpToBytes: 50_000_000,
  blanks: { body: '' },
  rawColumns: columns,
  typeTable: (clock) => `
    typed AS (
      SELECT * EXCLUDE (severity, around), ${clock.read('time')} AS instant, severity AS severity_text,
        severity_of_word(lower(trim(severity))) AS severity, with_node(around, node) AS around, ${isObject} FROM stage)
    SELECT record, ${problemOf([
      ...requireTime('time', 'time', 'instant', clock),
      { field: 'body', when: 'body IS NULL', says: `'is required'` },
      refuseAttributes,
    ])}, ${typedRow} FROM typed`,
  otlpKey: otlpKeys.resources,
  typeOtlp: `
    ${otlpItems(otlpKeys, otlpLog)},
    stage AS (
      SELECT record, service, instance, around, item.attributes AS attributes, item.severityText AS severity_text, item.traceId AS trace_id, item.spanId AS span_id,
        CASE WHEN coalesce(item.timeUnixNano, '0') = '0' THEN item.observedTimeUnixNano ELSE item.timeUnixNano END AS time,
        coalesce(severity_of_number(try_cast(item.severityNumber AS INTEGER)),
          severity_of_word(lower(trim(coalesce(item.severityText, replace(item.severityNumber, 'SEVERITY_NUMBER_', '')))))) AS severity,
        coalesce(otlp_value(item.body), item.eventName, '') AS body FROM items),
    typed AS (SELECT *, nano_time(time) AS instant FROM stage)
    SELECT record, ${problemOf(requireTyped('timeUnixNano', 'time', 'instant', nanoTime))}, ${typedRow} FROM typed`,
  identity: null,
  finish: `
    SELECT * EXCLUDE (file, record, problem, dropped, noted) FROM logs_raw
    WHERE dropped IS NULL AND time >= $from AND time < $until ORDER BY time, file, record`,
  isSliced: true,
};
