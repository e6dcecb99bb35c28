import {
  leastSkewCalls,
  leastSkewMs,
  maxSkewsNamed,
  saySkew,
} from '../../core/analysis/traces/clock-skew.ts';
import type { Database } from './open-database.ts';
import { asNumber, asText } from './row-values.ts';

/** Says of recorded traces what `sayClockSkews` says of spans, without reading them all. */
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
       SELECT caller, callee, median(began) AS began, median(ended) AS ended FROM calls GROUP BY ALL HAVING count(*) >= ${leastSkewCalls})
     SELECT caller, callee, (began + ended) / 2 AS skew FROM pairs
     WHERE least(began, ended) >= ${leastSkewMs} OR greatest(began, ended) <= -${leastSkewMs}
     ORDER BY abs(skew) DESC, callee, caller LIMIT ${maxSkewsNamed}`,
    {},
    abort,
  );
  return rows.map((row) =>
    saySkew({
      caller: asText(row['caller']),
      callee: asText(row['callee']),
      skewMs: asNumber(row['skew']),
    }),
  );
}
