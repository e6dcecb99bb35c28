import { open } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { openCase } from '../../../integrations/duckdb/open-case.ts';
import { manifest, never, writeCaseFolder } from './case-folder.ts';
import type { CaseFolder } from './case-folder.ts';

jest.setTimeout(180_000);

const wantedBytes = 200_000_000;
const blockLines = 2_000;
const startAt = Date.parse('2026-11-20T09:00:00Z');
const services = ['gateway', 'checkout', 'payments'];
const failEvery = 1_000;

let folder: CaseFolder;
let lineCount = 0;

function logLine(index: number): string {
  const isFailure = index % failEvery === 0;
  return JSON.stringify({
    time: new Date(startAt + index * 4).toISOString(),
    severity: isFailure ? 'ERROR' : 'INFO',
    service: services[index % services.length],
    instance: `${services[index % services.length]}-0`,
    body: `request ${index} POST /checkout ${isFailure ? 'failed' : 'finished'} in ${(index * 7_919) % 997} ms`,
    trace_id: ((index * 2_654_435_761) % 4_294_967_296).toString(16).padStart(32, '0'),
    attributes: { 'http.route': '/checkout', 'user.id': index % 10_007 },
  });
}

async function writeLogs(file: string): Promise<void> {
  const handle = await open(file, 'w');
  for (let bytes = 0; bytes < wantedBytes;) {
    const block = Array.from({ length: blockLines }, (_none, index) => logLine(lineCount + index));
    const { bytesWritten } = await handle.write(`${block.join('\n')}\n`);
    bytes += bytesWritten;
    lineCount += blockLines;
  }
  await handle.close();
}

beforeAll(async () => {
  folder = await writeCaseFolder({
    'incident.yaml': manifest(['logs: [{ files: [logs.jsonl], format: jsonl }]']),
  });
  await writeLogs(path.join(folder.dir, 'logs.jsonl'));
});

afterAll(() => folder.remove());

describe('a log file of 200 MB', () => {
  test('is read whole but for its attributes, within the memory of one case', async () => {
    const before = process.memoryUsage().rss;
    const opened = await openCase({ dir: folder.dir });
    const { window } = opened;
    const failures = await opened.logs({ window, severityAtLeast: 'error', limit: 10_000 }, never);
    expect(failures.truncated).toBeNull();
    expect(failures.rows.map(({ body }) => body.split(' ')[1])).toEqual(
      Array.from({ length: Math.ceil(lineCount / failEvery) }, (_none, index) =>
        String(index * failEvery),
      ),
    );
    const lastAt = startAt + (lineCount - 1) * 4;
    expect(await opened.coverage(never)).toEqual([
      {
        kind: 'logs',
        rows: lineCount,
        firstAt: startAt,
        lastAt,
        services: services.toSorted(),
        problem: `${lineCount} rows without attributes: the files are too large`,
      },
    ]);
    expect(await opened.logAttributes([0], never)).toEqual(new Map([[0, {}]]));
    expect(process.memoryUsage().rss - before).toBeLessThan(1_200_000_000);
    await opened.close();
  });

  test('can be given up while it is loading', async () => {
    const opened = await openCase({ dir: folder.dir });
    const begunAt = performance.now();
    const reading = opened.logs({ window: opened.window, limit: 1 }, AbortSignal.timeout(50));
    await expect(reading).rejects.toMatchObject({ name: 'TimeoutError' });
    await opened.close();
    expect(performance.now() - begunAt).toBeLessThan(5_000);
  });

  test('does not hide a broken last line', async () => {
    const handle = await open(path.join(folder.dir, 'logs.jsonl'), 'a');
    await handle.write('{"time":"2026-11-20T09:59:59Z","body":"cut of');
    await handle.close();
    const opened = await openCase({ dir: folder.dir });
    await expect(opened.logs({ window: opened.window, limit: 1 }, never)).rejects.toMatchObject({
      message: `logs.jsonl:${lineCount + 1}: is not valid JSON`,
    });
    await opened.close();
  });
});
