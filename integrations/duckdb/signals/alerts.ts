import {
  isObject,
  problemOf,
  refuseAttributes,
  refuseUntyped,
  requireText,
  wordIn,
} from './signal.ts';
import type { Signal } from './signal.ts';

const directions = ['up', 'down'];

/** Other alerts and monitors of the time. */
export const alerts: Signal = {
  kind: 'alerts',
  columns: [
    'name',
    'time',
    'entity',
    'entity_kind',
    'metric',
    'direction',
    'state',
    'message',
    'attributes',
  ],
  required: [['name']],
  timeColumns: ['time'],
  serviceColumn: null,
  extra: 'attributes',
  blanks: {},
  rawColumns: `time TIMESTAMP, name VARCHAR, entity VARCHAR, entity_kind VARCHAR, metric VARCHAR, direction VARCHAR, state VARCHAR,
    message VARCHAR, attributes VARCHAR, around VARCHAR`,
  typeTable: (clock) => `
    typed AS (
      SELECT * EXCLUDE (direction), ${clock.read('time')} AS given, coalesce(given, window_end()) AS instant, direction AS direction_text,
        ${wordIn('direction', directions, null)} AS direction, ${isObject} FROM stage)
    SELECT record, ${problemOf([
      requireText('name', 'name'),
      refuseUntyped('time', 'time', 'given', clock.noun),
      refuseUntyped('direction', 'direction_text', 'direction', 'one of up, down'),
      refuseAttributes,
    ])}, CASE WHEN NOT inside(instant) THEN 'outside' END AS dropped, NULL AS noted, instant AS time, clean(name) AS name,
      clean(entity) AS entity, clean(lower(trim(entity_kind))) AS entity_kind, clean(metric) AS metric, direction, clean(state) AS state,
      clean(message) AS message, attribute_text(attributes) AS attributes, around FROM typed`,
  otlpKey: null,
  typeOtlp: null,
  identity: null,
  finish: `SELECT * EXCLUDE (file, record, problem, dropped, noted) FROM alerts_raw WHERE dropped IS NULL ORDER BY time, file, record`,
};
