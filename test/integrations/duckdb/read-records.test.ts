import { describe, expect, test } from '@jest/globals';
import type { Read, RecordKind, Records, Telemetry } from '../../../core/ports/telemetry.ts';
import {
  csv,
  jsonLines,
  jsonl,
  lines,
  manifest,
  never,
  withCase,
  withFile,
  writeCaseFolder,
} from './case-folder.ts';

const at = (time: string): number => Date.parse(`2026-11-20T${time}Z`);
const lastInstant = at('10:00:00') - 0.001;

const reading =
  <Kind extends RecordKind>(kind: Kind) =>
  ({ records, window }: Telemetry): Promise<Read<Records[Kind]>> =>
    records(kind, { window, limit: 100 }, never);

const json = (content: unknown, mapping?: string) => ({
  name: 'data.json',
  format: 'json',
  content: JSON.stringify(content),
  ...(mapping !== undefined && { mapping }),
});

describe('topology', () => {
  test('gives each relation once, services that call by default', async () => {
    const content = lines(
      'from,to,kind,protocol,from_kind,to_kind',
      'shop,cart,,http,,',
      'shop,cart,call,http,,',
      'cart,ledger,call,,,database',
      'cart-1,node-a,Runs-On,,instance,node',
    );
    const { rows } = await withFile('topology', csv(content), reading('topology'));
    expect(rows).toEqual([
      {
        from: { kind: 'service', name: 'shop' },
        to: { kind: 'service', name: 'cart' },
        kind: 'call',
        protocol: 'http',
      },
      {
        from: { kind: 'service', name: 'cart' },
        to: { kind: 'database', name: 'ledger' },
        kind: 'call',
        protocol: null,
      },
      {
        from: { kind: 'instance', name: 'cart-1' },
        to: { kind: 'node', name: 'node-a' },
        kind: 'runs-on',
        protocol: null,
      },
    ]);
  });

  test.each([
    ['a,b,likes,', 'kind: "likes" is not one of call, runs-on, owns'],
    ['a,,call,', 'to: is required'],
    [
      'a,b,call,planet',
      'to_kind: "planet" is not one of service, instance, node, namespace, database, queue, edge, external',
    ],
  ])('refuses %s', async (row, says) => {
    const content = lines('from,to,kind,to_kind', row);
    await expect(withFile('topology', csv(content), reading('topology'))).rejects.toMatchObject({
      message: `data.csv:2: ${says}`,
    });
  });
});

test('alerts without a time are taken as seen at the end of the window', async () => {
  const content = jsonLines(
    { name: 'cpu high', entity: 'shop', direction: 'UP', metric: 'cpu', region: 'eu' },
    { name: 'slow', time: '2026-11-20T09:30:00Z', state: 'firing', attributes: { p90: 3 } },
    { name: 'old', time: '2026-11-19T09:30:00Z' },
  );
  const { rows } = await withFile('alerts', jsonl(content), reading('alerts'));
  expect(rows).toMatchObject([
    { name: 'slow', at: at('09:30:00'), state: 'firing', attributes: { p90: '3' } },
    {
      name: 'cpu high',
      at: lastInstant,
      direction: 'up',
      entity: 'shop',
      attributes: { region: 'eu' },
    },
  ]);
});

describe('events', () => {
  test('are read as the Kubernetes API returns them', async () => {
    const content = {
      kind: 'EventList',
      items: [
        {
          kind: 'Event',
          involvedObject: { kind: 'Pod', name: 'shop-1', namespace: 'eu' },
          reason: 'Unhealthy',
          message: 'Readiness probe failed',
          type: 'Warning',
          count: 7,
          firstTimestamp: '2026-11-20T09:10:00Z',
          lastTimestamp: '2026-11-20T09:12:00Z',
        },
      ],
    };
    const { rows } = await withFile('events', json(content), reading('events'));
    expect(rows).toEqual([
      {
        at: at('09:12:00'),
        firstAt: at('09:10:00'),
        reason: 'Unhealthy',
        kind: 'Pod',
        name: 'shop-1',
        namespace: 'eu',
        message: 'Readiness probe failed',
        type: 'Warning',
        count: 7,
      },
    ]);
  });

  test('may name kind and object in one, under names of their own', async () => {
    const content = {
      warning_events: [
        { involved_object: 'Pod/shop-1', reason: 'Failed', last: '2026-11-20T09:12:00Z' },
      ],
    };
    const mapping = 'columns: { time: last, name: involved_object }';
    const { rows } = await withFile('events', json(content, mapping), reading('events'));
    expect(rows).toMatchObject([{ kind: 'Pod', name: 'shop-1', count: 1, firstAt: null }]);
  });
});

test('state keeps the whole object', async () => {
  const pod = {
    kind: 'Pod',
    metadata: { name: 'shop-1', namespace: 'eu' },
    status: { phase: 'Pending', containerStatuses: [{ restartCount: 3 }] },
  };
  const one = await withFile('state', json(pod), reading('state'));
  expect(one.rows).toEqual([
    {
      at: lastInstant,
      kind: 'Pod',
      name: 'shop-1',
      namespace: 'eu',
      body: { metadata: pod.metadata, status: pod.status },
    },
  ]);
  const list = json({ pods: [{ name: 'a', phase: 'Running' }] }, 'constants: { kind: Pod }');
  const { rows } = await withFile('state', list, reading('state'));
  expect(rows).toMatchObject([{ kind: 'Pod', name: 'a', body: { phase: 'Running' } }]);
});

test('commands may have printed nothing', async () => {
  const content = jsonLines(
    {
      command: 'kubectl get pods',
      output: 'shop-1 Running',
      time: '2026-11-20T09:05:00Z',
      exit_code: 0,
    },
    { command: 'true', output: '' },
  );
  const { rows } = await withFile('commands', jsonl(content), reading('commands'));
  expect(rows).toEqual([
    {
      at: at('09:05:00'),
      command: 'kubectl get pods',
      output: 'shop-1 Running',
      target: null,
      exitCode: 0,
    },
    { at: lastInstant, command: 'true', output: '', target: null, exitCode: null },
  ]);
  const wrong = jsonl(jsonLines({ output: 'x' }));
  await expect(withFile('commands', wrong, reading('commands'))).rejects.toMatchObject({
    message: 'data.jsonl:1: command: is required',
  });
});

describe('runbooks', () => {
  test('are read as text under their first heading, and named when they are missing', async () => {
    const folder = await writeCaseFolder({
      'incident.yaml': manifest([
        'runbooks: [{ files: ["runbooks/*.md", none.md], format: markdown }]',
      ]),
      'runbooks/a.md': '# Restart the shop #\n\n1. Look\n',
      'runbooks/b.md': 'no heading',
    });
    await withCase(folder, async (telemetry) => {
      const { rows, source } = await reading('runbooks')(telemetry);
      expect(rows.map(({ title }) => title)).toEqual(['Restart the shop', 'b.md']);
      expect(source).toBe('runbooks/a.md, runbooks/b.md');
      expect(await telemetry.coverage(never)).toEqual([
        { kind: 'runbooks', rows: 2, services: [], problem: 'no file matches none.md' },
      ]);
    });
  });

  test('that are no text are refused', async () => {
    const file = { name: 'a.md', format: 'markdown', content: Buffer.from([0xff, 0xfe, 0xfd]) };
    await expect(withFile('runbooks', file, reading('runbooks'))).rejects.toMatchObject({
      message: 'a.md: is not text in UTF-8',
    });
  });
});

test('a kind that the manifest does not name gives no rows and says so', async () => {
  const folder = await writeCaseFolder({ 'incident.yaml': manifest() });
  await withCase(folder, async (telemetry) => {
    for (const kind of ['topology', 'runbooks'] as const) {
      expect(await reading(kind)(telemetry)).toMatchObject({
        rows: [],
        query: `no ${kind} in incident.yaml`,
      });
    }
  });
});
