import { quoteText } from '../sql-text.ts';
import type { Cells } from './cells.ts';
import { isFilled } from './lines.ts';
import type { Lines } from './lines.ts';

/** The paths under which a name may stand: a key as it is and, where the name has dots, a way down. */
function pathsOf(name: string): readonly string[] {
  const quoted = (key: string): string => `."${key.replaceAll('"', '\\"')}"`;
  const flat = `$${quoted(name)}`;
  const parts = name.split('.');
  return parts.length === 1 || parts.includes('')
    ? [flat]
    : [flat, `$${parts.map(quoted).join('')}`];
}

/** Lines that are JSON objects as cells: `names` are the columns that will be asked for. */
export function jsonCells(lines: Lines, names: readonly string[], isWide: boolean): Cells {
  const paths = [...new Set(names.flatMap(pathsOf))];
  const cellAt = (path: string): string => `v[${paths.indexOf(path) + 1}]`;
  const cell = (name: string): string => {
    const found = pathsOf(name).map(cellAt);
    return found.length === 1 ? found.join() : `coalesce(${found.join(', ')})`;
  };
  const cells: Cells = {
    ctes: [
      `cells AS (SELECT record, line, json_extract_string(line, [${paths.map(quoteText).join(', ')}]) AS v
        FROM ${lines.sql} WHERE ${isFilled})`,
    ],
    values: lines.values,
    cell,
    isBlank: (name) => {
      const isGiven = pathsOf(name).map((path) => `json_exists(line, ${quoteText(path)})`);
      return `(${cell(name)} IS NULL AND (${isGiven.join(' OR ')}))`;
    },
    rest: (taken) => {
      const without = Object.fromEntries(taken.map((name) => [name, null]));
      return `json_merge_patch(line, ${quoteText(JSON.stringify(without))})`;
    },
  };
  if (!isWide) return cells;
  return {
    ...cells,
    // Which keys are metrics differs from row to row, so none of them can be an attribute.
    rest: () => `'{}'`,
    measures: (taken) =>
      `list_transform(list_filter(json_keys(line), lambda k: NOT list_contains([${taken.map(quoteText).join(', ')}], k)
        AND try_cast(json_extract_string(line, key_pointer(k)) AS DOUBLE) IS NOT NULL),
        lambda k: {'metric': k, 'value': json_extract_string(line, key_pointer(k))})`,
  };
}
