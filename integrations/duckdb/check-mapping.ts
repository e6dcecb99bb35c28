import type { CaseSource } from '../../core/schemas/case.ts';
import type { TableKind } from './read-case.ts';
import { signals } from './signals/signals.ts';

/** What is wrong with one entry of a manifest's telemetry: the path within it, and a sentence. */
export interface MappingProblem {
  readonly path: readonly (string | number)[];
  readonly says: string;
}

const mappingKeys = ['columns', 'time', 'constants', 'layout', 'headers', 'timestamp'] as const;
type MappingKey = (typeof mappingKeys)[number];

const allowed: Readonly<Record<CaseSource['format'], readonly MappingKey[]>> = {
  csv: ['columns', 'time', 'constants', 'layout', 'headers'],
  jsonl: ['columns', 'time', 'constants', 'layout'],
  json: ['columns', 'time', 'constants', 'layout'],
  parquet: ['columns', 'time', 'constants', 'layout'],
  text: ['time', 'constants', 'timestamp'],
  'otlp-json': [],
  markdown: [],
};

function listNames(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

function columnProblem(kind: TableKind, source: CaseSource): MappingProblem | null {
  const { columns } = signals[kind];
  const unknown = Object.keys(source.columns ?? {}).find((name) => !columns.includes(name));
  if (unknown !== undefined) {
    const says = `is not a column of ${kind}; those are ${columns.join(', ')}`;
    return { path: ['columns', unknown], says };
  }
  const row = source.headers?.findIndex((name) => !columns.includes(name)) ?? -1;
  if (row !== -1) {
    return {
      path: ['headers', row],
      says: `is not a column of ${kind}; those are ${columns.join(', ')}`,
    };
  }
  if (source.headers !== undefined && !source.headers.includes('metric')) {
    return { path: ['headers'], says: 'must name a row of metric' };
  }
  return null;
}

function timeProblem(kind: TableKind, source: CaseSource): MappingProblem | null {
  if (source.time === undefined) return null;
  const [timeColumn] = signals[kind].timeColumns;
  if (timeColumn === undefined) return { path: ['time'], says: `has no meaning for ${kind}` };
  const { column } = source.time;
  if (column === undefined) return null;
  if (source.format === 'text') {
    return { path: ['time', 'column'], says: 'has no meaning for text; timestamp finds the time' };
  }
  return source.columns?.[timeColumn] === undefined
    ? null
    : { path: ['time', 'column'], says: `says again what columns.${timeColumn} says; keep one` };
}

/** Finds what cannot be meant in how a manifest describes files of one kind; null when nothing is. */
export function mappingProblem(kind: TableKind, source: CaseSource): MappingProblem | null {
  const { format } = source;
  const misplaced = mappingKeys.find(
    (key) => source[key] !== undefined && !allowed[format].includes(key),
  );
  if (misplaced !== undefined) {
    const says = `does not go with ${format}; what does is ${listNames(allowed[format])}`;
    return { path: [misplaced], says };
  }
  const wide = source.headers === undefined ? 'layout' : 'headers';
  if (source[wide] !== undefined && kind !== 'metrics') {
    return { path: [wide], says: 'is for metrics only' };
  }
  return columnProblem(kind, source) ?? timeProblem(kind, source);
}
