import { AppError } from '../errors.ts';
import { truthColumns, truthSchema } from '../schemas/truth.ts';
import type { Truth } from '../schemas/truth.ts';
import { splitCsvRecord } from '../split-csv-record.ts';

/** A row of `truth.csv`: what it says, and its text as it stands in the file. */
export interface TruthRow {
  readonly truth: Truth;
  readonly text: string;
}

export interface Truths {
  /** By name of the case. */
  readonly rows: ReadonlyMap<string, TruthRow>;
  readonly header: string;
}

const mostProblems = 5;

/**
 * Reads the text of `truth.csv`: comma-separated, a header first, one row a line, a case once. Columns that the format does not have are left alone. Throws
 * `invalid.truth`, naming file, line and field, when anything cannot be read. `file` is the name for messages.
 */
export function readTruths(text: string, file: string): Truths {
  const [header = '', ...lines] = text.split(/\r?\n/);
  // Trimming takes a byte order mark away too.
  const names = splitCsvRecord(header).map((name) => name.trim());
  const missing = truthColumns.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new AppError('invalid.truth', `${file}:1: the header lacks ${missing.join(', ')}`);
  }
  const rows = new Map<string, TruthRow>();
  const problems: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const row = readRow(names, line);
    if (typeof row !== 'string' && !rows.has(row.case)) {
      rows.set(row.case, { truth: row, text: line });
      continue;
    }
    const says = typeof row === 'string' ? row : `case: ${row.case} has a row already`;
    problems.push(`${file}:${index + 2}: ${says}`);
  }
  if (problems.length === 0) return { rows, header };
  const more = problems.length - mostProblems;
  const rest = more > 0 ? `; and ${more} more` : '';
  throw new AppError('invalid.truth', `${problems.slice(0, mostProblems).join('; ')}${rest}`);
}

/** Gives what a row says, or what is wrong with it. */
function readRow(names: readonly string[], line: string): Truth | string {
  const fields = splitCsvRecord(line);
  if (fields.length !== names.length) {
    return `has ${fields.length} fields where the header has ${names.length}`;
  }
  const row = Object.fromEntries(names.map((name, index) => [name, fields[index]?.trim()]));
  const { success, data, error } = truthSchema.safeParse(row);
  if (success) return data;
  return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join(', ');
}
