import { readFile, stat } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { isMap, isNode, isSeq, LineCounter, parseDocument } from 'yaml';
import { caseError } from '../case-error.ts';
import { errorMessageOf } from '../error-facts.ts';
import { quoteText } from '../sql-text.ts';
import type { Lines } from './lines.ts';

const maxBytes = 128 * 1_024 * 1_024;
const maxMembers = 10_000;

/** Where the rows of a document are: in lists, as members of one object by their names, or the document itself is the only one. */
type Rows =
  | { readonly kind: 'lists'; readonly keys: readonly (string | null)[] }
  | { readonly kind: 'members'; readonly keys: readonly string[] }
  | { readonly kind: 'single' };

/** A JSON document whose rows can be read and located. */
export interface JsonDocument {
  readonly lines: Lines;
  /** The line on which a row begins, both counted from 1. */
  lineOf(record: number): number | undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Finds the rows of a document: the entries of a list; of an object, those of its `items` or, unless it says what `kind` it is itself, of all its lists of
 * objects; else its members, when all are objects; else it is the one row.
 */
function findRows(document: unknown): Rows | null {
  if (Array.isArray(document)) return { kind: 'lists', keys: [null] };
  if (!isObject(document)) return null;
  if (Array.isArray(document['items'])) return { kind: 'lists', keys: ['items'] };
  if (typeof document['kind'] === 'string') return { kind: 'single' };
  const entries = Object.entries(document);
  const lists = entries.filter(([, value]) => Array.isArray(value) && value.every(isObject));
  if (lists.length > 0) return { kind: 'lists', keys: lists.map(([key]) => key) };
  const isTable = entries.length > 0 && entries.every(([, value]) => isObject(value));
  if (isTable && entries.length <= maxMembers) {
    return { kind: 'members', keys: entries.map(([key]) => key) };
  }
  return { kind: 'single' };
}

function pointer(key: string | null): string {
  return key === null ? '' : `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function rowsSql(rows: Rows): string {
  if (rows.kind === 'single') return `SELECT $doc AS line`;
  const pointers = `[${rows.keys.map((key) => quoteText(pointer(key))).join(', ')}]`;
  if (rows.kind === 'lists') {
    return `SELECT unnest(flatten(list_transform(json_extract($doc, ${pointers}), lambda l: CAST(l AS JSON[])))) AS line`;
  }
  const keys = `[${rows.keys.map(quoteText).join(', ')}]`;
  return `SELECT json_merge_patch(json_object('key', key), member) AS line
    FROM (SELECT unnest(${keys}) AS key, unnest(json_extract($doc, ${pointers})) AS member)`;
}

/** Counts through the rows again, in a parser that knows lines: too slow to load with, and made for the one row that is wrong. */
function locate(text: string, rows: Rows, record: number): number | undefined {
  const counter = new LineCounter();
  const { contents } = parseDocument(text, { lineCounter: counter });
  const nodes = rowNodes(contents, rows);
  const node = nodes[record - 1];
  return isNode(node) && node.range ? counter.linePos(node.range[0]).line : undefined;
}

function rowNodes(contents: unknown, rows: Rows): readonly unknown[] {
  if (rows.kind === 'single') return [contents];
  const parts = rows.keys.map((key) =>
    key === null ? contents : isMap(contents) ? contents.get(key, true) : null,
  );
  return rows.kind === 'members' ? parts : parts.flatMap((part) => (isSeq(part) ? part.items : []));
}

function sayJsonError(file: string, text: string, error: unknown): Error {
  const position = /position (\d+)/.exec(errorMessageOf(error))?.[1];
  const line =
    position === undefined ? undefined : text.slice(0, Number(position)).split('\n').length;
  return caseError({ file, line }, 'is not valid JSON', error);
}

/** Reads a file that is one JSON document. Rejects with `invalid.case` when it is none, holds no object, or is larger than 128 MB unpacked. */
export async function readJsonDocument(
  path: string,
  file: string,
  isGzip: boolean,
): Promise<JsonDocument> {
  const text = decode(await readBytes(path, file, isGzip), file);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw sayJsonError(file, text, error);
  }
  const rows = findRows(document);
  if (rows === null) throw caseError({ file, line: 1 }, 'is neither a JSON object nor a list');
  return {
    lines: {
      sql: `(SELECT row_number() OVER () AS record, CAST(line AS VARCHAR) AS line FROM (${rowsSql(rows)}))`,
      values: { doc: text },
    },
    lineOf: (record) => locate(text, rows, record),
  };
}

async function readBytes(path: string, file: string, isGzip: boolean): Promise<Uint8Array> {
  const tooLarge = caseError(
    { file },
    `is larger than ${maxBytes} bytes; write it as jsonl or parquet`,
  );
  const { size } = await stat(path);
  if (size > maxBytes) throw tooLarge;
  const bytes = await readFile(path);
  if (!isGzip) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch {
    // That the file is whole has been seen before: what fails here is the bound.
    throw tooLarge;
  }
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw caseError({ file }, 'is not UTF-8', error);
  }
}
