import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findChanges } from '../../../integrations/duckdb/find-changes.ts';
import { openTestFolder } from '../../support/test-folder.ts';
import { jsonLines, manifest, withCase, writeCaseFolder } from './case-folder.ts';
import { atMs, nanos, text } from './otlp-requests.ts';

const folder = openTestFolder('find-changes');
let dir = '';
let files = 0;

beforeAll(async () => {
  dir = folder.open();
  await mkdir(dir, { recursive: true });
});

afterAll(() => folder.remove());

async function fileOf(...requests: readonly object[]): Promise<readonly string[]> {
  files += 1;
  const file = join(dir, `${files}.jsonl`);
  await writeFile(file, jsonLines(...requests));
  return [file];
}

const resourceOf = (version: string, more: readonly object[] = []): object => ({
  attributes: [text('service.name', 'shop'), text('service.version', version), ...more],
});
const spans = (version: string, ...seconds: readonly number[]): object => ({
  resourceSpans: [
    {
      resource: resourceOf(version),
      scopeSpans: [{ spans: seconds.map((at) => ({ startTimeUnixNano: nanos(at) })) }],
    },
  ],
});
const metrics = (version: string, second: number): object => ({
  resourceMetrics: [
    {
      resource: resourceOf(version),
      scopeMetrics: [
        { metrics: [{ name: 'up', gauge: { dataPoints: [{ timeUnixNano: nanos(second) }] } }] },
      ],
    },
  ],
});
const logs = (version: string, ...logRecords: readonly object[]): object => ({
  resourceLogs: [{ resource: resourceOf(version), scopeLogs: [{ logRecords }] }],
});
const change = (second: number, ...attributes: readonly object[]): object => ({
  timeUnixNano: nanos(second),
  eventName: 'change',
  body: { stringValue: 'Something was changed' },
  attributes,
});
const none = { traces: [], metrics: [], logs: [] };

describe('changes found in telemetry', () => {
  test('are versions that services say one after another, in whatever kind they say them', async () => {
    const found = await findChanges({
      traces: await fileOf(spans('1.0', 1, 5), spans('1.1', 20, 21)),
      metrics: await fileOf(metrics('1.0', 10), metrics('1.1', 18)),
      logs: await fileOf(logs('1.1', { timeUnixNano: nanos(19) })),
    });
    expect(found).toEqual([
      {
        time: new Date(atMs(18)).toISOString(),
        kind: 'deploy',
        id: `shop@1.1/${new Date(atMs(18)).toISOString().slice(11, 19)}`,
        revision: '1.1',
        service: 'shop',
        title: 'shop runs 1.1, before it ran 1.0',
      },
    ]);
  });

  test('are log records of the event "change", with what they say', async () => {
    const record = change(
      7,
      text('change.kind', 'config'),
      text('change.id', 'cfg-7'),
      text('change.service', 'gateway'),
      text('change.title', 'Shorter time-outs'),
      text('change.author', 'ana'),
      text('change.diff', '-5s\n+1s'),
      text('region', 'eu-1'),
      {
        key: 'change.files',
        value: { arrayValue: { values: [{ stringValue: 'a.yaml' }, { stringValue: 'b.yaml' }] } },
      },
    );
    expect(await findChanges({ ...none, logs: await fileOf(logs('1.0', record)) })).toEqual([
      {
        time: new Date(atMs(7)).toISOString(),
        kind: 'config',
        id: 'cfg-7',
        service: 'gateway',
        title: 'Shorter time-outs',
        author: 'ana',
        diff: '-5s\n+1s',
        files: '["a.yaml","b.yaml"]',
        attributes: { region: 'eu-1' },
      },
    ]);
  });

  test('may say little: who sent it, and its body, do then', async () => {
    const older = { ...change(8, text('event.name', 'change'), text('change.kind', 'magic')) };
    const { eventName: _, ...record } = older as Readonly<Record<string, unknown>>;
    const found = await findChanges({ ...none, logs: await fileOf(logs('1.0', record)) });
    expect(found).toMatchObject([
      { kind: 'infrastructure', service: 'shop', title: 'Something was changed' },
    ]);
  });

  test('are told once when an event and a version tell of the same deploy', async () => {
    const found = await findChanges({
      ...none,
      traces: await fileOf(spans('1.0', 1), spans('1.1', 20)),
      logs: await fileOf(
        logs('1.0', change(18, text('change.kind', 'deploy'), text('change.revision', '1.1'))),
      ),
    });
    expect(found).toMatchObject([{ id: '1.1', kind: 'deploy', revision: '1.1' }]);
  });

  test('are none where nothing says a version, and where lines are broken', async () => {
    const traces = await fileOf({ resourceSpans: [] }, spans('1.0', 3), {});
    await writeFile(join(dir, 'broken.jsonl'), '{"service.version" "change"\n');
    const logs = [join(dir, 'broken.jsonl')];
    expect(await findChanges({ ...none, traces, logs })).toEqual([]);
    expect(await findChanges(none)).toEqual([]);
  });

  test('are rows that a case can have', async () => {
    const record = change(7, text('change.kind', 'flag'), text('region', 'eu-1'));
    const logFiles = await fileOf(logs('1.0', record));
    const found = await findChanges({ ...none, logs: logFiles });
    const case_ = await writeCaseFolder({
      'incident.yaml': manifest(['changes: [{ files: ["changes.jsonl"], format: jsonl }]']),
      'changes.jsonl': jsonLines(...found),
    });
    const { rows } = await withCase(case_, (telemetry) =>
      telemetry.changes({ window: telemetry.window, limit: 9 }, new AbortController().signal),
    );
    expect(rows).toMatchObject([
      { kind: 'flag', service: 'shop', at: atMs(7), attributes: { region: 'eu-1' } },
    ]);
  });
});
