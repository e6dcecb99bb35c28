import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const startAt = Date.parse('2026-11-20T10:00:00Z');
const minute = 60_000;
const endAt = startAt + 10 * minute;

/** When what happens begins, one signal after the other. */
export const handMade = {
  name: 'hand-made',
  deployAt: startAt + 4 * minute,
  tracesAt: startAt + 5 * minute + 20_000,
  metricAt: startAt + 5 * minute + 40_000,
  logAt: startAt + 6 * minute,
  noticedAt: startAt + 7 * minute,
  laterChangeAt: startAt + 8 * minute,
  /** Two minutes in which nothing happens. */
  quiet: { startAt: startAt + 1.5 * minute, endAt: startAt + 3.5 * minute },
} as const;

/** Of twenty requests thirteen take 10 to 70 ms, six 100 and one 400: the ninetieth percentile is 100 ms whichever of them are looked at. */
const usualMs = [10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 100, 100, 100, 100, 100, 100];
const slowestMs = 400;
const requestsEveryMs = 1_000;

const iso = (at: number): string => new Date(at).toISOString();
const csv = (rows: readonly (readonly (string | number)[])[]): string =>
  `${rows.map((row) => row.join(',')).join('\n')}\n`;

/**
 * Writes a case whose numbers can be reckoned by hand: `front` serves a request a second by way of `shelf`, which asks the database `stock-db` once for each; of the
 * database nothing is known but that. In order of time: `sorter` is deployed; requests take 200 ms longer and `shelf` asks its database eight times for each; the
 * processor of `sorter` is busier, by its metrics alone; `courier`, of which there are logs alone, writes a line that it never wrote.
 */
export async function writeHandMadeCase(folder: string): Promise<void> {
  const dir = join(folder, handMade.name);
  await mkdir(dir, { recursive: true });
  const files = {
    'incident.yaml': manifest(),
    'spans.csv': spans(),
    'metrics.csv': metrics(),
    'logs.csv': logs(),
    'changes.csv': csv([
      ['time', 'kind', 'id', 'service', 'title'],
      [iso(handMade.deployAt), 'deploy', 'sorter-r2', 'sorter', 'Sort by weight'],
      [iso(startAt + minute), 'deploy', 'front-r7', 'front', 'Correct the imprint'],
      [iso(handMade.laterChangeAt), 'deploy', 'courier-r3', 'courier', 'Count the vans'],
    ]),
  };
  for (const [file, text] of Object.entries(files)) await writeFile(join(dir, file), text);
}

function manifest(): string {
  const telemetry = Object.entries({
    metrics: 'metrics.csv',
    logs: 'logs.csv',
    traces: 'spans.csv',
    changes: 'changes.csv',
  }).map(([kind, file]) => `  ${kind}: [{ files: [${file}], format: csv }]`);
  return [
    'version: 1',
    `name: ${handMade.name}`,
    'alert:',
    '  title: Requests to front take long',
    '  severity: error',
    '  entity: { kind: service, name: front }',
    `  startedAt: ${iso(handMade.noticedAt)}`,
    `window: { start: ${iso(startAt)}, end: ${iso(endAt)} }`,
    `onset: ${iso(handMade.tracesAt)}`,
    'telemetry:',
    ...telemetry,
    '',
  ].join('\n');
}

function spans(): string {
  const head = [
    ...['trace_id', 'span_id', 'parent_span_id', 'start', 'duration_ms'],
    ...['service', 'name', 'kind', 'db.system', 'db.namespace'],
  ];
  const rows: (readonly (string | number)[])[] = [head];
  for (let number = 0; number * requestsEveryMs < endAt - startAt; number += 1) {
    const at = startAt + number * requestsEveryMs;
    const isSlow = at >= handMade.tracesAt;
    const ms = (usualMs[number % 20] ?? slowestMs) + (isSlow ? 200 : 0);
    const id = String(number).padStart(4, '0');
    const put = (span: string, parent: string, from: number, lasts: number, of: string[]): void => {
      rows.push([`t${id}`, `${id}${span}`, parent, iso(from), lasts, ...of]);
    };
    put('a', '', at, ms, ['front', 'GET /basket', 'server', '', '']);
    put('b', `${id}a`, at + 1, ms - 2, ['front', 'GET /shelf', 'client', '', '']);
    put('c', `${id}b`, at + 1, ms - 2, ['shelf', 'GET /shelf', 'server', '', '']);
    for (let query = 0; query < (isSlow ? 8 : 1); query += 1) {
      const database = ['shelf', 'SELECT shelves', 'client', 'postgresql', 'stock-db'];
      put(`d${query}`, `${id}c`, at + 2 + query * 25, isSlow ? 25 : 5, database);
    }
  }
  return csv(rows);
}

/** A sample every 4 s: before what is slow begins 80 of them, 0 to 0.395 in steps of 0.005 each once and in no order; 70 after it. */
function metrics(): string {
  const rows: (readonly (string | number)[])[] = [['time', 'metric', 'value', 'service', 'unit']];
  for (let number = 0; startAt + number * 4_000 < endAt; number += 1) {
    const at = startAt + number * 4_000;
    const value = at < handMade.metricAt ? ((number * 37) % 80) / 200 : 0.9717;
    rows.push([iso(at), 'process.cpu.utilization', value, 'sorter', '1']);
  }
  return csv(rows);
}

function logs(): string {
  const rows: (readonly (string | number)[])[] = [['time', 'body', 'service', 'severity']];
  for (let at = startAt; at < endAt; at += 2_000) {
    rows.push([iso(at), 'parcel handed over', 'courier', 'info']);
    if (at >= handMade.logAt) rows.push([iso(at), 'the van is full', 'courier', 'error']);
  }
  return csv(rows);
}
