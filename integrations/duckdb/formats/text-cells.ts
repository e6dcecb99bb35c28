import type { Window } from '../../../core/schemas/primitives.ts';
import { quoteText } from '../sql-text.ts';
import type { Cells } from './cells.ts';
import type { Lines } from './lines.ts';
import { timeParts } from './time-pattern.ts';
import type { TimePattern } from './time-pattern.ts';

const months =
  "['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']";
/** A level as loggers write it: in capitals, or in brackets, or as `level=`. */
const levelPattern = String.raw`\b(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|FATAL|CRITICAL)\b|(?:\[|level=)"?(trace|debug|info|notice|warn|warning|error|err|crit|critical|fatal)\b`;
const levelWithin = 200;

/** The time as ISO 8601 of the groups that say its parts. */
function timeOfParts(groups: readonly string[], window: Window): string {
  const start = new Date(window.startAt).toISOString();
  const part = (name: string, otherwise: string): string =>
    groups.includes(name) ? `g."${name}"` : quoteText(otherwise);
  const padded = (text: string): string => `lpad(trim(${text}), 2, '0')`;
  const year = part('year', start.slice(0, 4));
  const month = part('month', start.slice(5, 7));
  const named = `list_position(${months}, lower(left(${month}, 3)))`;
  const fraction = groups.includes('fraction')
    ? ` || coalesce('.' || nullif(g."fraction", ''), '')`
    : '';
  const zone = groups.includes('zone') ? ` || g."zone"` : '';
  return `CASE WHEN head <> '' THEN (CASE WHEN length(${year}) = 2 THEN '20' || ${year} ELSE ${year} END
    || '-' || ${padded(`coalesce(CAST(${named} AS VARCHAR), ${month})`)} || '-' || ${padded(part('day', start.slice(8, 10)))}
    || 'T' || ${padded(part('hour', '00'))} || ':' || ${padded(part('minute', '00'))} || ':' || ${padded(part('second', '00'))}${fraction}${zone}) END`;
}

/**
 * Lines of plain text as cells: a record begins where the pattern matches and goes on to the next such line. What stands before the first of them belongs
 * to it. The pattern is run by DuckDB, whose regular expressions are RE2.
 */
export function textCells(lines: Lines, { pattern, groups }: TimePattern, window: Window): Cells {
  const quoted = quoteText(pattern);
  // Every group needs a name of its own.
  const names = groups.map((name, index) => name || `group ${index}`);
  const hasParts = groups.some((name) => timeParts.includes(name));
  const texts: Record<string, string> = {};
  for (const name of groups) if (name !== '') texts[name] = `nullif(g."${name}", '')`;
  if (hasParts) texts['time'] = timeOfParts(groups, window);
  const level = `regexp_extract(left(head, ${levelWithin}), ${quoteText(levelPattern)}, ['upper', 'lower'])`;
  texts['severity'] ??=
    `coalesce(nullif(struct_extract(${level}, 'upper'), ''), nullif(struct_extract(${level}, 'lower'), ''))`;
  texts['body'] = groups.includes('body') ? `g."body" || substr(whole, length(head) + 1)` : 'whole';
  return {
    ctes: [
      `marked AS (SELECT record, rtrim(line, chr(13)) AS line, regexp_matches(line, ${quoted}) AS starts FROM ${lines.sql})`,
      `numbered AS (SELECT *, greatest(1, sum(CAST(starts AS BIGINT)) OVER (ORDER BY record ROWS UNBOUNDED PRECEDING)) AS entry FROM marked)`,
      `entries AS (SELECT min(record) AS record, coalesce(arg_min(line, record) FILTER (WHERE starts), '') AS head,
        rtrim(string_agg(line, chr(10) ORDER BY record), chr(10)) AS whole FROM numbered GROUP BY entry HAVING trim(whole) <> '')`,
      `cells AS (SELECT *, regexp_extract(head, ${quoted}, [${names.map(quoteText).join(', ')}]) AS g FROM entries)`,
    ],
    values: lines.values,
    cell: (name) => texts[name] ?? null,
    isBlank: () => 'false',
    rest: () => `'{}'`,
  };
}
