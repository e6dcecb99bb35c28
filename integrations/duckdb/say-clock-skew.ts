import type { Database } from './open-database.ts';
import { asNumber, asText } from './row-values.ts';

const leastCalls = 20;
const leastSkewMs = 1_000;
const maxNamed = 2;

/**
 * Names services whose clocks differ by a second or more, as their calls show: what a service does for a caller lies inside what the caller waited, so where it
 * begins and ends early, or late, by as much, its clock is off. Calls that failed do not count: a caller that gave up did not wait.
 */
export async function sayClockSkew(
  database: Database,
  abort: AbortSignal,
): Promise<readonly string[]> {
  const rows = await database.run(
    `WITH calls AS (
       SELECT outer_span.service AS caller, inner_span.service AS callee,
         (epoch_us(inner_span.start) - epoch_us(outer_span.start)) / 1000 AS began,
         began + (inner_span.duration_ns - outer_span.duration_ns) / 1e6 AS ended
       FROM traces inner_span JOIN traces outer_span
         ON outer_span.trace_id = inner_span.trace_id AND outer_span.span_id = inner_span.parent_span_id
       WHERE outer_span.kind = 'client' AND inner_span.kind = 'server' AND outer_span.service <> inner_span.service
         AND outer_span.status <> 'error' AND inner_span.status <> 'error'),
     pairs AS (
       SELECT caller, callee, median(began) AS began, median(ended) AS ended FROM calls GROUP BY ALL HAVING count(*) >= ${leastCalls})
     SELECT left(caller, 40) AS caller, left(callee, 40) AS callee, (began + ended) / 2 AS skew FROM pairs
     WHERE least(began, ended) >= ${leastSkewMs} OR greatest(began, ended) <= -${leastSkewMs}
     ORDER BY abs(skew) DESC, callee, caller LIMIT ${maxNamed}`,
    {},
    abort,
  );
  return rows.map((row) => {
    const skewMs = asNumber(row['skew']);
    const where = skewMs > 0 ? 'ahead of' : 'behind';
    const seconds = (Math.abs(skewMs) / 1_000).toFixed(1);
    return `the clock of ${asText(row['callee'])} is about ${seconds} s ${where} that of ${asText(row['caller'])}`;
  });
}
