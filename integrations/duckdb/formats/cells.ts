import type { CaseSource } from '../../../core/schemas/case.ts';
import { caseError } from '../case-error.ts';
import type { CasePlace } from '../case-error.ts';
import type { Signal } from '../signals/signal.ts';
import { quoteText } from '../sql-text.ts';
import type { SqlValues } from '../sql-text.ts';

/** The rows of one or more files as text, as common table expressions of a statement, of which the last is `stage` or `docs`. */
export interface Stage {
  readonly sql: string;
  readonly values: SqlValues;
}

/**
 * A table as its file has it: common table expressions of which the last is `cells`, with `record`. Columns are reached through functions that give
 * SQL, so that a foreign name never becomes SQL itself.
 */
export interface Cells {
  readonly ctes: readonly string[];
  readonly values: SqlValues;
  /** The text of a column; null when there is no such column. */
  readonly cell: (name: string) => string | null;
  /** Whether a column is there and holds nothing. */
  readonly isBlank: (name: string) => string;
  /** A JSON object of all but the columns named. */
  readonly rest: (taken: readonly string[]) => string;
  /** For one column a metric: a list of structs, `metric`, `value` and what else heads a column, of all but the columns named. */
  readonly measures?: (taken: readonly string[]) => string;
}

/** What a source calls a column of ours: as its mapping says, else by our own name or those that other programs use. */
export function namesOf(signal: Signal, source: CaseSource, column: string): readonly string[] {
  const mapped = source.columns?.[column];
  if (mapped !== undefined) return [mapped];
  const [timeColumn] = signal.timeColumns;
  if (column === timeColumn && source.time?.column !== undefined) return [source.time.column];
  return signal.aliases?.[column] ?? [column];
}

/** Every column that a source has for ours, by its own name. */
export function takenNames(signal: Signal, source: CaseSource): readonly string[] {
  const names = signal.columns.flatMap((column) => namesOf(signal, source, column));
  return [...new Set(names)];
}

/** Refuses a header that lacks a required column, or one that the mapping names. `given` are columns that come from elsewhere, such as a metric's name. */
export function checkNames(
  signal: Signal,
  source: CaseSource,
  header: { readonly names: readonly string[]; readonly given: readonly string[] },
  place: CasePlace,
): void {
  const isThere = (column: string): boolean =>
    header.given.includes(column) ||
    Object.hasOwn(source.constants ?? {}, column) ||
    namesOf(signal, source, column).some((name) => header.names.includes(name));
  for (const [ours, theirs] of mappedNames(signal, source)) {
    if (header.names.includes(theirs) || Object.hasOwn(source.constants ?? {}, ours)) continue;
    throw caseError(
      { ...place, field: theirs },
      `is not in the header; the manifest maps ${ours} to it`,
    );
  }
  const missing = signal.required.find((group) => !group.some(isThere));
  if (missing !== undefined) {
    throw caseError({ ...place, field: missing.join(' or ') }, 'is a required column');
  }
}

function mappedNames(signal: Signal, source: CaseSource): readonly (readonly [string, string])[] {
  const [timeColumn] = signal.timeColumns;
  const time = source.time?.column;
  return [
    ...Object.entries(source.columns ?? {}),
    ...(timeColumn === undefined || time === undefined ? [] : [[timeColumn, time] as const]),
  ];
}

function constantOf(source: CaseSource, column: string): string | null {
  const constant = source.constants?.[column];
  return constant === undefined ? null : quoteText(String(constant));
}

function columnSql(cells: Cells, signal: Signal, source: CaseSource, column: string): string {
  const names = namesOf(signal, source, column);
  const found = names.flatMap((name) => cells.cell(name) ?? []);
  const constant = constantOf(source, column);
  const whole = found.length > 1 ? `coalesce(${found.join(', ')})` : (found[0] ?? 'NULL::VARCHAR');
  if (constant !== null) return `coalesce(nullif(trim(${whole}), ''), ${constant})`;
  const blank = signal.blanks[column];
  if (blank === undefined || found.length === 0) return whole;
  const isBlank = names.map(cells.isBlank).join(' OR ');
  return `CASE WHEN ${isBlank} THEN ${quoteText(blank)} ELSE ${whole} END`;
}

function aroundSql(cells: Cells, signal: Signal, source: CaseSource): string {
  const extra = Object.entries(source.constants ?? {}).filter(
    ([name]) => !signal.columns.includes(name),
  );
  if (signal.extra === 'dropped') return `'{}'`;
  const kept = signal.extra === 'whole' ? 'object_text' : 'attribute_text';
  const rest = cells.rest(takenNames(signal, source));
  if (extra.length === 0) return `${kept}(${rest})`;
  const constants = quoteText(JSON.stringify(Object.fromEntries(extra)));
  return `${kept}(json_merge_patch(${constants}, ${rest}))`;
}

/** Names the columns of `cells` as the case format does; with one column a metric, each cell of such a column becomes a row. */
export function stageTable(cells: Cells, signal: Signal, source: CaseSource): Stage {
  const { ctes, values, measures } = cells;
  const around = `${aroundSql(cells, signal, source)} AS around`;
  const named = (column: string): string =>
    `${columnSql(cells, signal, source, column)} AS "${column}"`;
  if (measures === undefined) {
    const columns = signal.columns.map(named);
    const stage = `stage AS (SELECT record, ${columns.join(', ')}, ${around} FROM cells)`;
    return { sql: [...ctes, stage].join(', '), values };
  }
  const parts = ['metric', 'value', ...(source.headers ?? [])];
  const fixed = signal.columns.filter((column) => !parts.includes(column)).map(named);
  // What is the same for all metrics of a row is worked out once, before the row becomes many.
  const wide = `wide AS (SELECT record, ${[...fixed, around].join(', ')},
    unnest(${measures(takenNames(signal, source))}) AS m FROM cells)`;
  const columns = signal.columns.map((column) =>
    parts.includes(column) ? `m.${column} AS "${column}"` : `"${column}"`,
  );
  const stage = `stage AS (SELECT record, ${columns.join(', ')}, around FROM wide WHERE trim(coalesce(m.value, '')) <> '')`;
  return { sql: [...ctes, wide, stage].join(', '), values };
}
