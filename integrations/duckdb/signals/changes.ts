import { isObject, problemOf, refuseAttributes, requireTime, requireTyped } from './signal.ts';
import type { Signal } from './signal.ts';

const kinds = ['deploy', 'config', 'flag', 'scale', 'commit', 'schema', 'infrastructure'];

/** Deploys and other changes. A change told twice is kept once; one without an id gets one made of what it is. */
export const changes: Signal = {
  kind: 'changes',
  columns: [
    'time',
    'kind',
    'id',
    'revision',
    'service',
    'title',
    'author',
    'url',
    'files',
    'diff',
    'attributes',
  ],
  required: [['time'], ['kind']],
  timeColumns: ['time'],
  serviceColumn: 'service',
  extra: 'attributes',
  blanks: {},
  rawColumns: `time TIMESTAMP, kind VARCHAR, id VARCHAR, revision VARCHAR, service VARCHAR, title VARCHAR, author VARCHAR, url VARCHAR,
    files VARCHAR, diff VARCHAR, attributes VARCHAR, around VARCHAR`,
  typeTable: (clock) => `
    typed AS (
      SELECT * EXCLUDE (kind), kind AS kind_text, ${clock.read('time')} AS instant,
        CASE WHEN lower(trim(kind)) IN (${kinds.map((kind) => `'${kind}'`).join(', ')}) THEN lower(trim(kind)) END AS kind,
        ${isObject} FROM stage)
    SELECT record, ${problemOf([
      ...requireTime('time', 'time', 'instant', clock),
      ...requireTyped('kind', 'kind_text', 'kind', `one of ${kinds.join(', ')}`),
      refuseAttributes,
    ])}, CASE WHEN NOT inside(instant) THEN 'outside' END AS dropped, NULL AS noted, instant AS time, kind,
      coalesce(clean(id), clean(revision), concat_ws('-', kind, clean(service), strftime(instant, '%Y%m%dT%H%M%SZ'))) AS id,
      clean(revision) AS revision, clean(service) AS service, clean(title) AS title, clean(author) AS author, clean(url) AS url,
      clean(files) AS files, clean(diff) AS diff, attribute_text(attributes) AS attributes, around FROM typed`,
  otlpKey: null,
  typeOtlp: null,
  identity: 'time, kind, id, service',
  finish: `
    SELECT * EXCLUDE (file, record, problem, dropped, noted) FROM changes_raw WHERE dropped IS NULL ORDER BY time, file, record`,
};
