import type {
  ClusterEvent,
  CommandRun,
  Records,
  RecordKind,
  RecordsQuery,
  Read,
  Relation,
  SeenAlert,
  StateObject,
} from '../../core/ports/telemetry.ts';
import { entityKindSchema } from '../../core/schemas/primitives.ts';
import { flattenAttributes } from './flatten-attributes.ts';
import type { Row } from './open-database.ts';
import { ask } from './read-rows.ts';
import type { ReaderParts } from './read-rows.ts';
import { asNumber, asText, asTextOrNull, asWord } from './row-values.ts';

type TableRecordKind = Exclude<RecordKind, 'runbooks'>;

interface RecordTable<Kind extends TableRecordKind> {
  readonly columns: string;
  readonly toRecord: (row: Row) => Records[Kind];
}

const atMs = 'epoch_us(time) / 1000 AS at_ms';
const relationKinds = ['call', 'runs-on', 'owns'] as const;
const directions = ['up', 'down'] as const;

function asNumberOrNull(cell: Row[string] | undefined): number | null {
  return cell === null || cell === undefined ? null : asNumber(cell);
}

function toRelation(row: Row): Relation {
  const entityOf = (end: 'from' | 'to') => ({
    kind: asWord(row[`${end}_kind`], entityKindSchema.options),
    name: asText(row[end]),
  });
  return {
    from: entityOf('from'),
    to: entityOf('to'),
    kind: asWord(row['kind'], relationKinds),
    protocol: asTextOrNull(row['protocol']),
  };
}

function toAlert(row: Row): SeenAlert {
  return {
    name: asText(row['name']),
    at: asNumber(row['at_ms']),
    entity: asTextOrNull(row['entity']),
    entityKind: asTextOrNull(row['entity_kind']),
    metric: asTextOrNull(row['metric']),
    direction: row['direction'] === null ? null : asWord(row['direction'], directions),
    state: asTextOrNull(row['state']),
    message: asTextOrNull(row['message']),
    attributes: flattenAttributes(asText(row['attributes']), asText(row['around'])),
  };
}

function toEvent(row: Row): ClusterEvent {
  return {
    at: asNumber(row['at_ms']),
    firstAt: asNumberOrNull(row['first_ms']),
    reason: asText(row['reason']),
    kind: asTextOrNull(row['kind']),
    name: asTextOrNull(row['name']),
    namespace: asTextOrNull(row['namespace']),
    message: asTextOrNull(row['message']),
    type: asTextOrNull(row['type']),
    count: Math.max(1, asNumberOrNull(row['count']) ?? 1),
  };
}

function toState(row: Row): StateObject {
  const body: unknown = JSON.parse(asText(row['around']));
  return {
    at: asNumber(row['at_ms']),
    kind: asText(row['kind']),
    name: asText(row['name']),
    namespace: asTextOrNull(row['namespace']),
    body: typeof body === 'object' && body !== null ? { ...body } : {},
  };
}

function toCommand(row: Row): CommandRun {
  return {
    at: asNumber(row['at_ms']),
    command: asText(row['command']),
    output: asText(row['output']),
    target: asTextOrNull(row['target']),
    exitCode: asNumberOrNull(row['exit_code']),
  };
}

const tables: { readonly [Kind in TableRecordKind]: RecordTable<Kind> } = {
  topology: {
    columns:
      'left("from", 200) AS "from", left("to", 200) AS "to", kind, protocol, from_kind, to_kind',
    toRecord: toRelation,
  },
  alerts: {
    columns: `name, ${atMs}, entity, entity_kind, metric, direction, state, message, attributes, around`,
    toRecord: toAlert,
  },
  events: {
    columns: `${atMs}, epoch_us(first_time) / 1000 AS first_ms, reason, kind, name, namespace, message, type, count`,
    toRecord: toEvent,
  },
  state: { columns: `${atMs}, kind, name, namespace, around`, toRecord: toState },
  commands: { columns: `${atMs}, command, output, target, exit_code`, toRecord: toCommand },
};

/** Reads the rows of one kind of record, in the order of their time. */
export function readRecords<Kind extends TableRecordKind>(
  parts: ReaderParts,
  kind: Kind,
  { window, limit }: RecordsQuery,
  abort: AbortSignal,
): Promise<Read<Records[Kind]>> {
  const { columns, toRecord } = tables[kind];
  const question = {
    kind,
    time: 'time',
    columns,
    equals: {},
    orderBy: 'time, rowid',
    window,
    limit,
  };
  return ask(parts, question, toRecord, abort);
}
