import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const hour = 3_600_000;
const startAt = Date.parse('2026-11-20T08:00:00Z');
const lastMs = 36_000;
const endAt = startAt + hour;

/** An hour of logs, in whose last hundredth something new is said, few times. */
export const largeLog = {
  name: 'large-log',
  window: { startAt, endAt },
  rareFrom: endAt - lastMs,
  rareLines: 40,
  services: ['gateway', 'cart', 'ledger', 'mailer'],
} as const;

const chatter = [
  (number: number) => `request ${number} served in ${number % 97} ms`,
  (number: number) => `cache refreshed with ${number % 511} entries from 10.0.${number % 7}.12`,
  (number: number) => `session ${number.toString(16).padStart(12, 'a')} renewed`,
  (number: number) => `queue drained, ${number % 13} messages left`,
  (number: number) => `wrote segment /data/${number % 31}/part-${number}.log`,
];
const linesAtOnce = 10_000;

/** Writes a case of so many log lines, as CSV: each service says five things, over and over with other numbers, and at the end the ledger one more. */
export async function writeLargeLog(folder: string, lines: number): Promise<string> {
  const dir = join(folder, largeLog.name);
  await mkdir(dir, { recursive: true });
  await pipeline(Readable.from(rows(lines)), createWriteStream(join(dir, 'logs.csv')));
  const iso = (at: number): string => new Date(at).toISOString();
  const manifest = [
    'version: 1',
    `name: ${largeLog.name}`,
    'alert:',
    '  title: The ledger is not itself',
    '  severity: error',
    '  entity: { kind: service, name: ledger }',
    `  startedAt: ${iso(largeLog.rareFrom)}`,
    `window: { start: ${iso(startAt)}, end: ${iso(endAt)} }`,
    `onset: ${iso(largeLog.rareFrom)}`,
    'telemetry:',
    '  logs: [{ files: [logs.csv], format: csv, time: { column: time, unit: ms } }]',
    '',
  ];
  await writeFile(join(dir, 'incident.yaml'), manifest.join('\n'));
  return dir;
}

function* rows(lines: number): Generator<string> {
  const { services, rareFrom, rareLines } = largeLog;
  const rareEveryMs = lastMs / rareLines;
  let text = 'time,service,severity,body\n';
  let rare = 0;
  for (let number = 0; number < lines - rareLines; number += 1) {
    const at = startAt + Math.floor((number * hour) / (lines - rareLines));
    while (rare < rareLines && rareFrom + rare * rareEveryMs <= at) {
      text += `${rareFrom + rare * rareEveryMs},ledger,error,"lease on shard ${rare} lost to node-${rare % 3}"\n`;
      rare += 1;
    }
    const body = chatter[Math.floor(number / services.length) % chatter.length]?.(number) ?? '';
    text += `${at},${services[number % services.length]},info,"${body}"\n`;
    if (number % linesAtOnce === 0) {
      yield text;
      text = '';
    }
  }
  yield text;
}
