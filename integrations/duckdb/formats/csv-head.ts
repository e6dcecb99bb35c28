import { splitCsvRecord } from '../../../core/split-csv-record.ts';
import { caseError } from '../case-error.ts';
import { findCsvRecord } from '../csv-records.ts';
import type { CsvRecord } from '../csv-records.ts';
import { readBytes } from '../inspect-file.ts';

/** What heads a CSV file. `rows` counts the records before the first row of data, `skipLines` the lines. */
export interface CsvHead {
  /** One name a column; for a header of several rows, what its first row says. */
  readonly names: readonly string[];
  /** What each row of a header of several rows says of a column, by the name of the row. */
  readonly parts: readonly Readonly<Record<string, string>>[];
  readonly rows: number;
  readonly skipLines: number;
}

async function readRecords(
  path: string,
  isGzip: boolean,
  count: number,
): Promise<readonly CsvRecord[]> {
  const records: CsvRecord[] = [];
  for (let wanted = 0; wanted < count; wanted += 1) {
    const record = await findCsvRecord(readBytes(path, isGzip), wanted);
    if (record === null) break;
    records.push(record);
  }
  return records;
}

const fieldsOf = ({ text }: CsvRecord): readonly string[] =>
  splitCsvRecord(text).map((name) => name.trim());

/**
 * Reads the header of a CSV file: one row of names, or one row for each of `headers`. Rejects with `invalid.case` when its first line is blank, rows are
 * missing or names repeat.
 */
export async function readCsvHead(
  path: string,
  file: string,
  isGzip: boolean,
  headers: readonly string[],
): Promise<CsvHead> {
  const rows = Math.max(1, headers.length);
  const records = await readRecords(path, isGzip, rows + 1);
  const [first] = records;
  if (first?.line !== 1) {
    throw caseError({ file, line: 1 }, 'is blank; the first line must be the header');
  }
  const next = records[rows];
  if (headers.length > 0) return readHeaderRows(records, headers, file);
  const names = fieldsOf(first);
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (twice !== undefined)
    throw caseError({ file, line: 1, field: twice }, 'is in the header twice');
  return { names, parts: [], rows, skipLines: linesBefore(next, first, rows) };
}

/** The lines to pass over: all before the first row of data, or the whole file when there is none. */
function linesBefore(next: CsvRecord | undefined, last: CsvRecord, rows: number): number {
  return next === undefined ? Math.max(rows, last.line) : next.line - 1;
}

/** pandas writes the name of the first column into a row of its own, otherwise empty, under the header. */
function indexName(fields: readonly string[]): string | null {
  const [name = '', ...others] = fields;
  return name !== '' && others.length > 0 && others.every((field) => field === '') ? name : null;
}

function readHeaderRows(
  records: readonly CsvRecord[],
  headers: readonly string[],
  file: string,
): CsvHead {
  const heads = records.slice(0, headers.length).map(fieldsOf);
  const last = records[headers.length - 1];
  if (last === undefined) {
    throw caseError({ file, line: heads.length }, `has fewer than ${headers.length} header rows`);
  }
  const [names = []] = heads;
  const width = names.length;
  const uneven = heads.findIndex((row) => row.length !== width);
  if (uneven !== -1) {
    const line = records[uneven]?.line;
    throw caseError(
      { file, line },
      `has ${heads[uneven]?.length ?? 0} columns, the first line has ${width}`,
    );
  }
  const next = records[headers.length];
  const index = next === undefined ? null : indexName(fieldsOf(next));
  const parts = names.map((_name, column) =>
    Object.fromEntries(headers.map((header, row) => [header, heads[row]?.[column] ?? ''])),
  );
  const dataAt = next === undefined ? Math.max(headers.length, last.line) : next.line - 1;
  return {
    names: index === null ? names : [index, ...names.slice(1)],
    parts,
    rows: headers.length + (index === null ? 0 : 1),
    skipLines: index === null ? dataAt : dataAt + 1,
  };
}

/** The line on which a record of a CSV file, counted from 0 with the header, begins. Reads the file up to there. */
export async function findCsvLine(
  path: string,
  isGzip: boolean,
  record: number,
): Promise<number | undefined> {
  return (await findCsvRecord(readBytes(path, isGzip), record))?.line;
}
