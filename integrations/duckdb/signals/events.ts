import { problemOf, refuseUntyped, requireText, requireTime } from './signal.ts';
import type { Signal } from './signal.ts';

/** Events of a cluster or platform: under our names, or as the Kubernetes API returns them. */
export const events: Signal = {
  kind: 'events',
  columns: [
    'time',
    'first_time',
    'reason',
    'kind',
    'name',
    'namespace',
    'message',
    'type',
    'count',
  ],
  required: [['time'], ['reason']],
  timeColumns: ['time', 'first_time'],
  serviceColumn: null,
  aliases: {
    time: [
      'time',
      'lastTimestamp',
      'series.lastObservedTime',
      'eventTime',
      'metadata.creationTimestamp',
    ],
    first_time: ['first_time', 'firstTimestamp'],
    kind: ['involvedObject.kind', 'regarding.kind', 'kind'],
    name: ['involvedObject.name', 'regarding.name', 'name'],
    namespace: ['involvedObject.namespace', 'regarding.namespace', 'namespace'],
    message: ['message', 'note'],
  },
  extra: 'dropped',
  blanks: {},
  rawColumns: `time TIMESTAMP, first_time TIMESTAMP, reason VARCHAR, kind VARCHAR, name VARCHAR, namespace VARCHAR, message VARCHAR,
    type VARCHAR, count BIGINT`,
  typeTable: (clock) => `
    typed AS (
      SELECT * EXCLUDE (kind, name, count), ${clock.read('time')} AS instant, ${clock.read('first_time')} AS first_instant, count AS count_text,
        try_cast(try_cast(count AS DOUBLE) AS BIGINT) AS count,
        CASE WHEN kind IS NULL AND regexp_full_match(name, '[A-Za-z]+/[^/]+') THEN split_part(name, '/', 1) ELSE kind END AS kind,
        CASE WHEN kind IS NULL AND regexp_full_match(name, '[A-Za-z]+/[^/]+') THEN split_part(name, '/', 2) ELSE name END AS name FROM stage)
    SELECT record, ${problemOf([
      ...requireTime('time', 'time', 'instant', clock),
      requireText('reason', 'reason'),
      refuseUntyped('first_time', 'first_time', 'first_instant', clock.noun),
      refuseUntyped('count', 'count_text', 'count', 'a number'),
    ])}, CASE WHEN NOT inside(instant) THEN 'outside' END AS dropped, NULL AS noted, instant AS time, first_instant AS first_time,
      clean(reason) AS reason, clean(kind) AS kind, clean(name) AS name, clean(namespace) AS namespace, clean(message) AS message,
      clean(type) AS type, count FROM typed`,
  otlpKey: null,
  typeOtlp: null,
  identity: 'time, reason, kind, name, namespace, message',
  finish: `SELECT * EXCLUDE (file, record, problem, dropped, noted) FROM events_raw WHERE dropped IS NULL ORDER BY time, file, record`,
};
