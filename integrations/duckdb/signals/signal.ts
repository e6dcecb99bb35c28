import type { Clock } from '../formats/clock.ts';
import type { TableKind } from '../read-case.ts';

/**
 * How one kind of telemetry is loaded, as SQL. Rows go from a stage (texts, as the file has them) through `type…` into a raw table, where each row
 * knows what is wrong with it (`problem`), why it is left out (`dropped`) and what is to be said of it (`noted`), and from there, once for
 * all files, through `finish` into the table that is queried.
 */
export interface Signal {
  readonly kind: TableKind;
  /** The columns of a table of this kind, by the case format. */
  readonly columns: readonly string[];
  /** Of these, the ones a CSV header must have: one of each group. */
  readonly required: readonly (readonly string[])[];
  /** Of these, the ones that are times; a manifest's `time.column` stands for the first. */
  readonly timeColumns: readonly string[];
  /** What other programs call a column, in the order in which they are tried, for sources that map nothing to it. */
  readonly aliases?: Readonly<Record<string, readonly string[]>>;
  /** The column that says whose a row is; null where none does. */
  readonly serviceColumn: 'service' | null;
  /** What becomes of columns and keys that are not ours: attributes, or for large objects the whole of them; left out where nobody reads them. */
  readonly extra: 'dropped' | 'attributes' | 'whole';
  /** Of files that are larger together, in bytes unpacked, the rows are too many for attributes to be kept as well. */
  readonly attributesUpToBytes?: number;
  /** What an empty cell, or a null, of a required column stands for; a column not named here must have a value. */
  readonly blanks: Readonly<Record<string, string>>;
  /** Columns of the raw table beside `file`, `record`, `problem`, `dropped` and `noted`, in which `time` is the row's instant. */
  readonly rawColumns: string;
  /** From `stage`: `record`, the columns as text, and `around`, a JSON object of what is not a column. */
  readonly typeTable: (clock: Clock) => string;
  /** From `docs`: `record` and `doc`, one export request; null where OTLP has no such signal. */
  readonly typeOtlp: string | null;
  /** The key of an export request that holds this signal. */
  readonly otlpKey: string | null;
  /** The columns in which two rows are the same row told twice; null where equal rows are different ones. */
  readonly identity: string | null;
  /** A number, never null, that is greatest in the telling to keep where tellings differ; without it the first is kept. */
  readonly greatest?: string;
  /** A query of the rows to keep, those of the raw table that are good and inside the windows, sorted by time. */
  readonly finish: string;
  /** Whether `finish` gives the rows from `$from` until before `$until` only: of large tables so many are sorted at once as memory holds. */
  readonly isSliced?: boolean;
}

/** One thing that can be wrong with a row: `says` is an SQL text. */
interface Check {
  readonly field: string;
  readonly when: string;
  readonly says: string;
}

/** The first check that hits, as a struct of field and sentence; NULL for a good row. */
export function problemOf(checks: readonly Check[]): string {
  const cases = checks.map(
    ({ field, when, says }) => `WHEN ${when} THEN {'field': '${field}', 'says': ${says}}`,
  );
  return `CASE ${cases.join(' ')} END AS problem`;
}

const isBlank = (column: string): string => `(${column} IS NULL OR trim(${column}) = '')`;

/** A text that must be there. */
export function requireText(field: string, column: string): Check {
  return { field, when: isBlank(column), says: `'is required'` };
}

/** A value that must be there and be what `noun` says: `typed` is the column read as that, NULL when it is not. */
export function requireTyped(
  field: string,
  column: string,
  typed: string,
  noun: string,
): readonly Check[] {
  return [requireText(field, column), refuseUntyped(field, column, typed, noun)];
}

/** A time that must be there, read by a clock as `typed`. */
export function requireTime(
  field: string,
  column: string,
  typed: string,
  { absent, noun }: Pick<Clock, 'absent' | 'noun'>,
): readonly Check[] {
  return [
    { field, when: isBlank(column), says: `'${absent}'` },
    refuseUntyped(field, column, typed, noun),
  ];
}

/** A value that may be missing, but where it is there must be what `noun` says. */
export function refuseUntyped(field: string, column: string, typed: string, noun: string): Check {
  return {
    field,
    when: `NOT ${isBlank(column)} AND ${typed} IS NULL`,
    says: `quoted(${column}) || ' is not ${noun}'`,
  };
}

/** A word of a closed list in any letter case, `otherwise` where there is none; NULL for any other word. */
export function wordIn(column: string, words: readonly string[], otherwise: string | null): string {
  const list = words.map((word) => `'${word}'`).join(', ');
  const blank = otherwise === null ? 'NULL' : `'${otherwise}'`;
  return `CASE WHEN ${isBlank(column)} THEN ${blank} WHEN lower(trim(${column})) IN (${list}) THEN lower(trim(${column})) END`;
}

/** Attributes that are given must be a JSON object. */
export const refuseAttributes: Check = {
  field: 'attributes',
  when: `NOT ${isBlank('attributes')} AND NOT is_object`,
  says: `quoted(attributes) || ' is not a JSON object'`,
};

/** Whether the attributes column is a JSON object. */
export const isObject = `CASE WHEN json_valid(attributes) THEN json_type(attributes) = 'OBJECT' ELSE false END AS is_object`;

export const nanoTime = 'a count of nanoseconds since 1970';

/**
 * Opens an export request: one row (`item`, of the shape `itemShape`) for each entry of its innermost list, with the service, the instance and the
 * attributes (`around`) of its resource. What does not have the shape of OTLP is NULL.
 */
export function otlpItems(
  keys: { readonly resources: string; readonly scopes: string; readonly items: string },
  itemShape: Readonly<Record<string, unknown>>,
): string {
  const scope = { [keys.items]: [itemShape] };
  const resource = { resource: { attributes: 'JSON' }, [keys.scopes]: [scope] };
  const shape = JSON.stringify({ [keys.resources]: [resource] });
  return `requests AS (SELECT record, from_json(doc, '${shape}') AS request FROM docs),
    resources AS (SELECT record, unnest(request."${keys.resources}") AS part FROM requests),
    scopes AS (
      SELECT record, clean(otlp_attribute(part.resource.attributes, 'service.name')) AS service,
        clean(otlp_instance(part.resource.attributes)) AS instance, attribute_text(part.resource.attributes) AS around,
        unnest(part."${keys.scopes}") AS scope FROM resources),
    items AS (SELECT record, service, instance, around, unnest(scope."${keys.items}") AS item FROM scopes)`;
}

/** The shape of an object whose values are all read as text. */
export function textShape(keys: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(keys.map((key) => [key, 'VARCHAR']));
}
