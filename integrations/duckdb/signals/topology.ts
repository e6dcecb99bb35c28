import { entityKindSchema } from '../../../core/schemas/primitives.ts';
import { problemOf, refuseUntyped, requireText, wordIn } from './signal.ts';
import type { Signal } from './signal.ts';

const kinds = ['call', 'runs-on', 'owns'];
const entityKinds = entityKindSchema.options;

/** Who calls, runs on or owns whom. A relation holds for the whole case; one told twice is kept once. */
export const topology: Signal = {
  kind: 'topology',
  columns: ['from', 'to', 'kind', 'protocol', 'from_kind', 'to_kind'],
  required: [['from'], ['to']],
  timeColumns: [],
  serviceColumn: null,
  extra: 'dropped',
  blanks: {},
  rawColumns: `time TIMESTAMP, "from" VARCHAR, "to" VARCHAR, kind VARCHAR, protocol VARCHAR, from_kind VARCHAR, to_kind VARCHAR`,
  typeTable: () => `
    typed AS (
      SELECT record, "from", "to", protocol, kind AS kind_text, from_kind AS from_text, to_kind AS to_text,
        ${wordIn('kind', kinds, 'call')} AS kind, ${wordIn('from_kind', entityKinds, 'service')} AS from_kind,
        ${wordIn('to_kind', entityKinds, 'service')} AS to_kind FROM stage)
    SELECT record, ${problemOf([
      requireText('from', '"from"'),
      requireText('to', '"to"'),
      refuseUntyped('kind', 'kind_text', 'kind', `one of ${kinds.join(', ')}`),
      refuseUntyped('from_kind', 'from_text', 'from_kind', `one of ${entityKinds.join(', ')}`),
      refuseUntyped('to_kind', 'to_text', 'to_kind', `one of ${entityKinds.join(', ')}`),
    ])}, NULL AS dropped, NULL AS noted, window_end() AS time, clean("from") AS "from", clean("to") AS "to", kind, clean(protocol) AS protocol,
      from_kind, to_kind FROM typed`,
  otlpKey: null,
  typeOtlp: null,
  identity: '"from", "to", kind, from_kind, to_kind',
  finish: `SELECT * EXCLUDE (file, record, problem, dropped, noted) FROM topology_raw WHERE dropped IS NULL ORDER BY file, record`,
};
