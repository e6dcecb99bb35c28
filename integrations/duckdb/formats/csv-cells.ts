import { compressionOf, pathsSql } from './lines.ts';
import type { Packed } from './lines.ts';
import type { Cells } from './cells.ts';
import type { CsvHead } from './csv-head.ts';
import { quoteText } from '../sql-text.ts';

const maxLineBytes = 2 * 1_024 * 1_024;

/**
 * The rows of a CSV file as cells. Columns are taken by place, so a foreign name never becomes SQL. `measured` are the places of columns that are a metric
 * each; null when the file has one row a sample.
 */
export function csvCells(
  packed: Packed,
  header: CsvHead,
  measured: readonly number[] | null,
): Cells {
  const { names } = header;
  const values: Record<string, string> = {};
  const place = (name: string): number => names.indexOf(name);
  const bind = (index: number, name: string): string => {
    values[`name_${index}`] = name;
    return `$name_${index}::VARCHAR`;
  };
  const columns = names.map((_name, index) => `'c${index}': 'VARCHAR'`).join(', ');
  const cells = {
    ctes: [
      `cells AS (SELECT row_number() OVER () AS record, * FROM read_csv(${pathsSql(packed)}, auto_detect = false, header = false,
        skip = ${header.skipLines}, columns = {${columns}}, delim = ',', quote = '"', escape = '"', comment = '', strict_mode = true,
        max_line_size = ${maxLineBytes}, compression = '${compressionOf(packed)}'))`,
    ],
    values,
    cell: (name: string) => (place(name) === -1 ? null : `c${place(name)}`),
    isBlank: (name: string) =>
      place(name) === -1 ? 'false' : `trim(coalesce(c${place(name)}, '')) = ''`,
    rest: (taken: readonly string[]) => {
      const extra = names.flatMap((name, index) =>
        name === '' || taken.includes(name) || measured?.includes(index) === true
          ? []
          : [`${bind(index, name)}, c${index}`],
      );
      return extra.length === 0 ? `'{}'` : `json_object(${extra.join(', ')})`;
    },
  };
  if (measured === null) return cells;
  const measures = measured.map((index) => {
    const parts = Object.entries(header.parts[index] ?? { metric: names[index] ?? '' });
    const heads = parts.map(([part, text]) => `'${part}': ${quoteText(text)}`);
    return `{${[...heads, `'value': c${index}`].join(', ')}}`;
  });
  return { ...cells, measures: () => `[${measures.join(', ')}]` };
}
