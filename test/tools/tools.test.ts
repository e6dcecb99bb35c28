import { describe, expect, test } from '@jest/globals';
import type { ToolResult } from '../../core/ports/tool.ts';
import type { Digest, Observation } from '../../core/schemas/digest.ts';
import type { SeriesView } from '../../core/schemas/evidence-views.ts';
import type { Onset } from '../../core/schemas/primitives.ts';
import { catalogue } from '../../tools/catalogue.ts';
import { contextOf } from './memory-telemetry.ts';
import type { Held } from './memory-telemetry.ts';
import { onsetAt, smallWorld, startAt } from './small-world.ts';

const suspected = { earliestAt: onsetAt - 500, latestAt: onsetAt + 500 };

async function call(
  name: string,
  input: unknown,
  held: Held,
  when: Onset | undefined = suspected,
): Promise<ToolResult> {
  const tool = catalogue[name];
  if (tool === undefined) throw new Error(`there is no tool ${name}`);
  return tool.run(tool.input.parse(input), contextOf(held, when));
}

async function digestOf(...args: Parameters<typeof call>): Promise<Digest> {
  const result = await call(...args);
  if (!result.ok) throw new Error(result.message);
  return result.digest;
}

const saying = ({ entity, peer, aspect }: Observation): string =>
  `${entity.name}${peer === undefined ? '' : ` → ${peer.kind} ${peer.name}`} ${aspect}`;
const clear = (digest: Digest): readonly string[] =>
  digest.observations.filter(({ score }) => score >= 3).map(saying);

describe('find-onset', () => {
  const wholeWindow = { earliestAt: startAt, latestAt: startAt + 150_000 };

  test.each([
    ['orders-fail', 'error-ratio'],
    ['slow-database', 'duration'],
    ['slow-courier', 'duration'],
    ['impatient-orders', 'error-ratio'],
    ['no-traffic', 'traffic'],
  ] as const)(
    'dates %s by the %s of the service users come in through',
    async (trouble, aspect) => {
      const { observations } = await digestOf('find-onset', {}, smallWorld(trouble), wholeWindow);
      const [first] = observations;
      expect(first).toMatchObject({ entity: { kind: 'service', name: 'front' }, aspect });
      expect(Math.abs((first?.onset?.earliestAt ?? 0) - onsetAt)).toBeLessThan(6_000);
      expect(Math.abs((first?.onset?.latestAt ?? 0) - onsetAt)).toBeLessThan(6_000);
    },
  );

  test('draws the band that the error ratio kept to before it began', async () => {
    const result = await call('find-onset', {}, smallWorld('orders-fail'), wholeWindow);
    const view = (result.ok ? result.evidence[0]?.data : null) as unknown as SeriesView | null;
    const errors = view?.series[0];
    expect(errors).toMatchObject({ name: 'error ratio', baseline: { low: 0, median: 0 } });
    const beganAt = errors?.onset?.earliestAt ?? 0;
    const worst = errors?.points.filter(([at]) => at > beganAt).map(([, value]) => value) ?? [];
    expect(errors?.baseline?.high).toBeLessThan(Math.max(...worst));
  });

  test('finds nothing in ordinary life, and says where it looked', async () => {
    const digest = await digestOf('find-onset', {}, smallWorld('none'), wholeWindow);
    expect(digest.observations).toEqual([]);
    expect(digest.notes[0]).toMatch(/^front: errors, durations and traffic stayed as they were/);
  });

  test('looks at the service asked for', async () => {
    const digest = await digestOf(
      'find-onset',
      { service: 'stock' },
      smallWorld('slow-database'),
      wholeWindow,
    );
    expect(digest.observations[0]?.entity.name).toBe('stock');
  });

  test('falls back to metrics where there are no traces', async () => {
    const { window } = smallWorld('none');
    const atMs = Array.from({ length: 30 }, (_unused, index) => startAt + index * 5_000);
    const counted = (status: string, read: (isBad: boolean) => number) => ({
      metric: 'http.server.request.duration',
      service: 'front',
      instance: null,
      peer: null,
      statistic: 'count',
      unit: '{request}',
      kind: 'histogram' as const,
      attributes: { 'http.response.status_code': status },
      atMs,
      values: atMs.map((at, index) => read(at >= onsetAt) + (index % 3)),
    });
    const metrics = [
      counted('200', (isBad) => (isBad ? 20 : 40)),
      counted('500', (isBad) => (isBad ? 20 : 0)),
    ];
    const digest = await digestOf('find-onset', {}, { window, metrics }, wholeWindow);
    expect(digest.observations[0]).toMatchObject({
      entity: { kind: 'service', name: 'front' },
      aspect: 'error-ratio',
    });
    expect(digest.notes[0]).toContain('2 series of metrics');
  });

  test('draws the metric whose shift it dates, before the requests behind it', async () => {
    const { window } = smallWorld('none');
    const atMs = Array.from({ length: 30 }, (_unused, index) => startAt + index * 5_000);
    const measured = (
      statistic: 'count' | 'p90',
      unit: string,
      read: (isBad: boolean) => number,
    ) => ({
      metric: 'http.server.request.duration',
      service: 'front',
      instance: null,
      peer: null,
      statistic,
      unit,
      kind: 'histogram' as const,
      attributes: {},
      atMs,
      values: atMs.map((at, index) => read(at >= onsetAt) * (1 + (index % 3) / 100)),
    });
    const metrics = [
      measured('count', '{request}', () => 40),
      measured('p90', 's', (isBad) => (isBad ? 0.9 : 0.08)),
    ];
    const result = await call('find-onset', {}, { window, metrics }, wholeWindow);
    const view = (result.ok ? result.evidence[0]?.data : null) as unknown as SeriesView | null;
    expect(view?.series.map(({ name, onset }) => [name, onset !== null])).toEqual([
      ['http.server.request.duration (duration)', true],
      ['http.server.request.duration', false],
    ]);
    expect(view?.series[0]?.points[0]?.[1]).toBeCloseTo(0.08);
  });
});

describe('compare-traces', () => {
  test('tells what is seen only from its callers, and what is called but was not written down', async () => {
    const call = (from: string, to: string) => ({
      from: { kind: 'service' as const, name: from },
      to: { kind: 'service' as const, name: to },
      kind: 'call' as const,
      protocol: null,
    });
    const declared = [call('front', 'orders'), call('stock', 'stock-db')];
    const held = { ...smallWorld('none'), records: { topology: declared } };
    const result = await catalogue['compare-traces']?.run({}, contextOf(held));
    const table = result?.ok
      ? result.evidence.find(({ key }) => key === 'hidden dependencies')?.data
      : null;
    const { dependencies } = await digestOf('compare-traces', {}, smallWorld('none'));
    const outside = dependencies.filter(({ to }) => to.kind !== 'service');
    expect(outside.length).toBeGreaterThan(0);
    for (const { to } of outside) {
      expect(JSON.stringify(table)).toContain(to.name);
    }
    expect(JSON.stringify(table)).toContain('seen only from its callers');
    expect(JSON.stringify(table)).toContain('called, but not in the topology given');
    expect(result?.ok && result.digest.notes).toContainEqual(
      expect.stringMatching(/^called, but not in the topology given: .*stock/),
    );
  });

  test('shows whose failure it is and who only hands it up', async () => {
    const digest = await digestOf('compare-traces', {}, smallWorld('orders-fail'));
    const shown = clear(digest);
    expect(shown).toContain('orders own-error');
    expect(shown).toContain('front error-ratio');
    expect(shown).not.toContain('front own-error');
    expect(shown).not.toContain('stock error-ratio');
    const [own] = digest.observations.filter(({ aspect }) => aspect === 'own-error');
    expect(own?.name).toBe('POST /orders');
  });

  test('gives the call graph with databases and what is outside', async () => {
    const { dependencies } = await digestOf('compare-traces', {}, smallWorld('none'));
    expect(
      dependencies.map(({ from, to }) => `${from.name} → ${to.kind} ${to.name}`).sort(),
    ).toEqual([
      'front → service orders',
      'orders → service stock',
      'stock → database items-db',
      'stock → external courier',
    ]);
  });

  test('lays it at the door of a caller that gives up too soon', async () => {
    const shown = clear(await digestOf('compare-traces', {}, smallWorld('impatient-orders')));
    expect(shown).toContain('orders own-error');
    expect(shown).not.toContain('stock own-error');
  });

  test('finds time that a service spends itself', async () => {
    const shown = clear(await digestOf('compare-traces', {}, smallWorld('busy-stock')));
    expect(shown).toContain('stock self-time');
    expect(shown).not.toContain('orders self-time');
  });

  test('does not take a slow database for time of its caller', async () => {
    const shown = clear(await digestOf('compare-traces', {}, smallWorld('slow-database')));
    expect(shown).toContain('stock duration');
    expect(shown.filter((one) => one.includes('self-time'))).toEqual([]);
  });
});

describe('inspect-spans', () => {
  test.each([
    ['slow-database', 'stock → database items-db edge-duration'],
    ['slow-courier', 'stock → external courier edge-duration'],
  ] as const)('finds the edge behind %s and no other', async (trouble, edge) => {
    const digest = await digestOf('inspect-spans', { service: 'stock' }, smallWorld(trouble));
    expect(new Set(clear(digest))).toEqual(new Set([edge]));
  });

  test('shows the worst trace with its critical path, and why spans failed', async () => {
    const held = smallWorld('orders-fail');
    const result = await call('inspect-spans', { service: 'orders' }, held);
    if (!result.ok) throw new Error(result.message);
    const waterfall = result.evidence.find(({ view }) => view === 'waterfall');
    expect(waterfall?.title).toMatch(/POST \/orders, [\d.]+ ms, failed$/);
    const rows = waterfall?.data as { spans: { service: string; criticalMs: number }[] };
    expect(rows.spans.some(({ criticalMs }) => criticalMs > 0)).toBe(true);
    expect(result.digest.notes[0]).toMatch(
      /^\d+ failed \(0 before\) at POST \/orders: RangeError$/,
    );
    const reasons = result.evidence.find(({ key }) => key === 'orders/failures');
    const [count = ''] = result.digest.notes[0]?.split(' ') ?? [];
    expect(reasons?.data).toMatchObject({
      rows: expect.arrayContaining([['POST /orders: RangeError', 0, Number(count)]]),
    });
  });
});

describe('scan-metrics and inspect-metrics', () => {
  test('find the busy processor, when it began, and nothing else', async () => {
    const digest = await digestOf('scan-metrics', {}, smallWorld('busy-stock'));
    expect(clear(digest)).toEqual(['stock cpu']);
    const onset = digest.observations[0]?.onset;
    expect(Math.abs((onset?.earliestAt ?? 0) - onsetAt)).toBeLessThan(11_000);
    expect(Math.abs((onset?.latestAt ?? 0) - onsetAt)).toBeLessThan(16_000);
  });

  test('look at the services named, and only at them', async () => {
    const held = smallWorld('busy-stock');
    expect(clear(await digestOf('scan-metrics', { services: ['front'] }, held))).toEqual([]);
    expect(clear(await digestOf('scan-metrics', { services: ['stock', 'x'] }, held))).toEqual([
      'stock cpu',
    ]);
  });

  test('chart what deviates with its usual band', async () => {
    const result = await call('inspect-metrics', { service: 'stock' }, smallWorld('busy-stock'));
    if (!result.ok) throw new Error(result.message);
    const data = result.evidence[0]?.data as {
      series: { name: string; points: number[][]; baseline: { median: number } }[];
    };
    expect(data.series[0]?.name).toBe('process.cpu.utilization');
    expect(data.series[0]?.points).toHaveLength(30);
    expect(data.series[0]?.baseline.median).toBeCloseTo(0.05, 1);
  });
});

describe('cluster-logs and read-log-lines', () => {
  test('find the new kind of line, with a quotation', async () => {
    const digest = await digestOf('cluster-logs', {}, smallWorld('orders-fail'));
    expect(digest.observations[0]).toMatchObject({
      entity: { kind: 'service', name: 'orders' },
      aspect: 'log-new',
      name: 'POST /orders failed: <*> is not a whole number',
      direction: 'up',
      before: 0,
    });
    expect(digest.notes[0]).toMatch(/error orders: POST \/orders failed: 0\.\d+ is not a whole/);
  });

  test('quote what a service wrote after the onset, by severity and by text', async () => {
    const held = smallWorld('orders-fail');
    const all = await digestOf(
      'read-log-lines',
      { service: 'orders', severityAtLeast: 'error', contains: 'WHOLE number' },
      held,
    );
    expect(all.notes[0]).toMatch(/^orders: \d+ error lines containing "WHOLE number" in .*, 0 in /);
    expect(all.observations[0]).toMatchObject({ aspect: 'log-rate', before: 0 });
    const none = await digestOf('read-log-lines', { service: 'orders', contains: '(a+)+$' }, held);
    expect(none.observations).toEqual([]);
  });
});

describe('attributes', () => {
  const secret = 'Zk3v9Qm2Xw7Lp4Tr';
  const attributes = {
    password: secret,
    region: 'eu-1',
    text: 'long '.repeat(1_000),
    ...Object.fromEntries(Array.from({ length: 40 }, (_none, index) => [`z${index}`, 'more'])),
  };

  test.each([
    ['cluster-logs', {}],
    ['read-log-lines', { service: 'orders' }],
    ['inspect-change', { id: 'orders-r7' }],
  ])(
    'of %s stand in evidence, few, short and without secrets, and not in the digest',
    async (name, input) => {
      const held = smallWorld('orders-fail');
      const result = await call(name, input, {
        ...held,
        logAttributes: new Map(held.logs.map(({ row }) => [row, attributes])),
        changes: held.changes.map((one) => ({ ...one, attributes })),
      });
      if (!result.ok) throw new Error(result.message);
      const shown = JSON.stringify(result.evidence[0]?.data);
      expect(shown).toContain('eu-1');
      expect(shown).not.toContain(secret);
      expect(shown).not.toContain('z20');
      expect(shown).not.toContain('long '.repeat(50));
      expect(JSON.stringify(result.digest)).not.toContain('eu-1');
    },
  );
});

describe('list-changes and inspect-change', () => {
  test('list the nearest change before the onset first, with what it touches', async () => {
    const { changes } = await digestOf('list-changes', {}, smallWorld('orders-fail'));
    expect(changes.map(({ id, touches }) => [id, touches])).toEqual([
      ['orders-r7', ['units']],
      ['cfg-1', ['pageSize']],
    ]);
  });

  test('tell what a change did directly after it from what came later', async () => {
    const held = smallWorld('orders-fail');
    const guilty = await digestOf('inspect-change', { id: 'orders-r7' }, held);
    expect(clear(guilty)).toEqual(['orders error-ratio', 'orders own-error']);
    const innocent = await digestOf('inspect-change', { id: 'cfg-1' }, smallWorld('slow-database'));
    expect(clear(innocent)).toEqual([]);
    expect(innocent.notes).toContain('pageSize: 20 → 40');
    expect(innocent.notes[0]).toBe('made 59.5 s before the earliest suspected onset');
  });

  test('answer an unknown id with those that there are', async () => {
    expect(await call('inspect-change', { id: 'nothing' }, smallWorld('none'))).toMatchObject({
      ok: false,
      code: 'not-found.data',
      hint: 'Use one of cfg-1.',
    });
  });
});

describe('check-coverage', () => {
  test('names every kind, also those that are not there', async () => {
    const { window, spans } = smallWorld('no-traffic');
    const { coverage } = await digestOf('check-coverage', {}, { window, spans });
    expect(coverage.map(({ kind, rows }) => [kind, rows > 0])).toEqual([
      ['traces', true],
      ['metrics', false],
      ['logs', false],
      ['changes', false],
    ]);
    expect(coverage.find(({ kind }) => kind === 'logs')?.problem).toBe('there are no logs');
  });
});

test.each([1, 2, 3])('no tool raises its voice in ordinary life with seed %d', async (seed) => {
  const held = smallWorld('none', seed);
  const loud: string[] = [];
  for (const [name, input] of [
    ['find-onset', {}],
    ['scan-metrics', {}],
    ['compare-traces', {}],
    ['cluster-logs', {}],
    ['inspect-spans', { service: 'orders' }],
    ['inspect-spans', { service: 'stock' }],
    ['inspect-change', { id: 'cfg-1' }],
  ] as const) {
    loud.push(...clear(await digestOf(name, input, held)).map((one) => `${name}: ${one}`));
  }
  expect(loud).toEqual([]);
});
