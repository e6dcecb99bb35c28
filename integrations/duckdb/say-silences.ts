import type { Window } from '../../core/schemas/primitives.ts';
import type { Database } from './open-database.ts';
import { asNumber, asText } from './row-values.ts';
import { instantValue } from './sql-text.ts';

const leastRows = 20;
const leastSilenceMs = 60_000;
/** A source that is silent for this many times its usual pause has stopped. */
const unusualPauses = 20;
const maxNamed = 3;

/**
 * Names the services that stopped sending one kind of telemetry while others went on: silent for a minute and for twenty times their usual pause. What a
 * service does that nobody hears of is no calm.
 */
export async function saySilences(
  database: Database,
  kind: 'traces' | 'metrics' | 'logs',
  { startAt, endAt }: Window,
  abort: AbortSignal,
): Promise<readonly string[]> {
  const time = kind === 'traces' ? 'start' : 'time';
  const rows = await database.run(
    `WITH sources AS (
       SELECT service, count(*) AS rows, epoch_us(min(${time})) / 1000 AS first, epoch_us(max(${time})) / 1000 AS last
       FROM ${kind} WHERE ${time} >= $from AND ${time} < $until GROUP BY service)
     SELECT left(service, 60) AS service, last FROM sources
     WHERE service IS NOT NULL AND rows >= ${leastRows}
       AND (SELECT max(last) FROM sources) - last > greatest(${leastSilenceMs}, ${unusualPauses} * (last - first) / (rows - 1))
     ORDER BY last, service`,
    { from: instantValue(startAt), until: instantValue(endAt) },
    abort,
  );
  const said = rows
    .slice(0, maxNamed)
    .map((row) => `${asText(row['service'])} sent none after ${clock(asNumber(row['last']))}`);
  const others = rows.length - said.length;
  return others > 0 ? [...said, `${others} more stopped`] : said;
}

function clock(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)} UTC`;
}
