import { problemOf, refuseUntyped, requireText } from './signal.ts';
import type { Signal } from './signal.ts';

/** Objects as they stood: those of Kubernetes as its API returns them, or any JSON with a kind and a name. */
export const state: Signal = {
  kind: 'state',
  columns: ['kind', 'name', 'namespace', 'time'],
  required: [['kind'], ['name']],
  timeColumns: ['time'],
  serviceColumn: null,
  aliases: { name: ['metadata.name', 'name'], namespace: ['metadata.namespace', 'namespace'] },
  extra: 'whole',
  blanks: {},
  rawColumns: `time TIMESTAMP, kind VARCHAR, name VARCHAR, namespace VARCHAR, around VARCHAR`,
  typeTable: (clock) => `
    typed AS (SELECT *, ${clock.read('time')} AS given, coalesce(given, window_end()) AS instant FROM stage)
    SELECT record, ${problemOf([
      requireText('kind', 'kind'),
      requireText('name', 'name'),
      refuseUntyped('time', 'time', 'given', clock.noun),
    ])}, CASE WHEN NOT inside(instant) THEN 'outside' END AS dropped, NULL AS noted, instant AS time, clean(kind) AS kind, clean(name) AS name,
      clean(namespace) AS namespace, around FROM typed`,
  otlpKey: null,
  typeOtlp: null,
  identity: null,
  finish: `SELECT * EXCLUDE (file, record, problem, dropped, noted) FROM state_raw WHERE dropped IS NULL ORDER BY time, file, record`,
};
