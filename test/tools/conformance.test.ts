import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LogRecord, Series, Span } from '../../core/ports/telemetry.ts';
import type { ToolResult } from '../../core/ports/tool.ts';
import { briefSize, keptSize, refitDigest } from '../../core/fit-digest.ts';
import { digestSchema } from '../../core/schemas/digest.ts';
import type { Digest } from '../../core/schemas/digest.ts';
import { evidenceDraftSchema } from '../../core/schemas/evidence.ts';
import type { Onset } from '../../core/schemas/primitives.ts';
import { listEntries, renderCatalogue } from '../../scripts/render-catalogue.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { catalogue } from '../../tools/catalogue.ts';
import { contextOf, memoryTelemetry } from './memory-telemetry.ts';
import type { Held } from './memory-telemetry.ts';
import { onsetAt, smallWorld, startAt } from './small-world.ts';
import type { Trouble } from './small-world.ts';
import { uncarried } from './uncarried.ts';

/** Every tool that reads telemetry, with input for the small world. */
const inputs: Readonly<Record<string, unknown>> = {
  'check-coverage': {},
  'find-onset': {},
  'scan-metrics': {},
  'inspect-metrics': { service: 'stock' },
  'compare-traces': {},
  'inspect-spans': { service: 'orders' },
  'cluster-logs': {},
  'read-log-lines': { service: 'orders', severityAtLeast: 'warn' },
  'list-changes': {},
  'inspect-change': { id: 'cfg-1' },
  'match-changes': { services: ['orders', 'stock'], symptoms: ['error ratio', 'timeout'] },
  'list-events': {},
  'inspect-state': { name: 'stock' },
  'list-commands': {},
  'list-alerts': {},
  'read-topology': { near: ['stock'] },
  'find-runbooks': { about: 'stock is slow' },
};
const names = Object.keys(inputs);
const troubles: readonly Trouble[] = [
  'none',
  'orders-fail',
  'slow-database',
  'slow-courier',
  'impatient-orders',
  'busy-stock',
  'no-traffic',
];
const shared = { at: onsetAt, namespace: null };
/** What a platform and monitors say of stock. */
const platform: Pick<Held, 'records'> = {
  records: {
    events: [
      {
        ...shared,
        ...{ firstAt: onsetAt - 1_000, reason: 'BackOff', kind: 'Pod', type: 'Warning', count: 5 },
        ...{ name: 'stock-7f9dd8b6c4-k2m4p', message: 'Back-off pulling image "stock:v2"' },
      },
    ],
    state: [
      {
        ...shared,
        ...{ kind: 'Pod', name: 'stock-0' },
        body: { status: { containerStatuses: [{ name: 'c', restartCount: 9, state: {} }] } },
      },
    ],
    alerts: ['orders', 'stock'].flatMap((entity) =>
      ['cpu', 'memory', 'x'.repeat(150)].map((name) => ({
        ...{ name, entity, at: onsetAt, entityKind: null, metric: null, direction: 'up' as const },
        ...{ state: 'firing', message: null, attributes: {} },
      })),
    ),
  },
};
const suspected = { earliestAt: onsetAt - 500, latestAt: onsetAt + 500 };

async function call(name: string, held: Held, when: Onset = suspected): Promise<ToolResult> {
  const tool = catalogue[name];
  if (tool === undefined) throw new Error(`there is no tool ${name}`);
  return tool.run(tool.input.parse(inputs[name]), contextOf(held, when));
}

function bytesOf(digest: Digest): number {
  return new TextEncoder().encode(JSON.stringify(digest)).length;
}

function expectSound(result: ToolResult): void {
  if (!result.ok) {
    expect(result.code).toBe('not-found.data');
    expect(result.message.length).toBeLessThanOrEqual(500);
    return;
  }
  expect(digestSchema.parse(result.digest)).toEqual(result.digest);
  expect(bytesOf(result.digest)).toBeLessThanOrEqual(keptSize.bytes);
  expect(bytesOf(refitDigest(result.digest, briefSize))).toBeLessThanOrEqual(briefSize.bytes);
  for (const draft of result.evidence) {
    expect(evidenceDraftSchema.parse(draft)).toEqual(draft);
    expect(JSON.parse(JSON.stringify(draft.data))).toEqual(draft.data);
    expect(draft.query).not.toBe('');
    expect(draft.source).not.toBe('');
  }
  expect(result.evidence.length).toBeLessThanOrEqual(8);
  const keys = result.evidence.map(({ kind, key }) => `${kind} ${key}`);
  expect(new Set(keys).size).toBe(keys.length);
  const scores = result.digest.observations.map(({ score }) => score);
  expect(scores).toEqual([...scores].sort((one, other) => other - one));
  expect(uncarried(result)).toEqual([]);
}

describe('the catalogue', () => {
  test('is what its folder says, under the names the tools give themselves', () => {
    const root = projectRoot();
    const generated = renderCatalogue({
      root,
      folder: 'tools',
      type: { name: 'Tool', module: 'core/ports/tool.ts' },
      says: 'Every tool that there is, by name.',
    });
    expect(readFileSync(join(root, 'tools/catalogue.ts'), 'utf8')).toBe(generated);
    expect(Object.isFrozen(catalogue)).toBe(true);
    for (const [name, tool] of Object.entries(catalogue)) expect(tool.name).toBe(name);
    expect(
      listEntries({ root, folder: 'tools', type: { name: '', module: '' }, says: '' }),
    ).toHaveLength(Object.keys(catalogue).length);
  });

  test('says of each tool what it is for, what it takes, what it does and how long it may take', () => {
    for (const tool of Object.values(catalogue)) {
      expect(tool.description.length).toBeGreaterThan(40);
      expect(tool.timeoutMs).toBeGreaterThanOrEqual(1_000);
      expect(tool.effect).toBe(tool.name === 'call-ops' ? 'write-reversible' : 'read');
      expect(tool.input.safeParse({ unknownField: 1 }).success).toBe(false);
      expect(tool.input.safeParse({ service: '' }).success).toBe(false);
    }
  });
});

describe.each(names)('%s', (name) => {
  test('answers within its bounds, and the same whenever it is asked', async () => {
    const held = smallWorld('slow-database');
    const first = await call(name, held);
    expectSound(first);
    expect(first.ok).toBe(true);
    const backwards = {
      ...held,
      spans: held.spans.toReversed(),
      metrics: held.metrics.toReversed(),
      changes: held.changes.toReversed(),
    };
    const again = await call(name, backwards);
    expect(again.ok && again.digest).toEqual(first.ok && first.digest);
  });

  test('shows in its evidence whatever it observes, of each trouble', async () => {
    for (const trouble of troubles) {
      const held = smallWorld(trouble);
      const { metrics, window } = held;
      const healthy = { startAt, endAt: onsetAt - 1_000 };
      const onlyTrouble = {
        ...held,
        window: { ...window, startAt: onsetAt },
        baselines: [healthy],
      };
      for (const one of [held, { metrics, window, ...platform }, { ...onlyTrouble, ...platform }]) {
        expectSound(await call(name, one));
      }
    }
  });

  test('takes empty and missing telemetry for an answer, and says where it looked', async () => {
    const { window } = smallWorld('none');
    const empty = { window, spans: [], logs: [], metrics: [], changes: [] };
    for (const held of [empty, { window }]) {
      const result = await call(name, held);
      expectSound(result);
      if (name === 'inspect-change') {
        expect(result).toMatchObject({ ok: false, code: 'not-found.data' });
        continue;
      }
      if (!result.ok) throw new Error(result.message);
      expect(result.digest.observations).toEqual([]);
      if (name !== 'check-coverage') expect(result.digest.notes.length).toBeGreaterThan(0);
    }
  });

  test('does without a suspicion, with one outside the window, and with one at its edge', async () => {
    const held = smallWorld('orders-fail');
    const { window } = held;
    for (const when of [
      { earliestAt: window.startAt, latestAt: window.endAt },
      { earliestAt: window.startAt - 1e9, latestAt: window.startAt - 1e8 },
      { earliestAt: window.endAt + 1e8, latestAt: window.endAt + 1e9 },
      { earliestAt: window.endAt, latestAt: window.endAt },
    ]) {
      expectSound(await call(name, held, when));
    }
  });

  test('rejects with the reason once it is cancelled', async () => {
    const tool = catalogue[name];
    const signal = AbortSignal.abort(new Error('nobody waits any more'));
    await expect(
      tool?.run(tool.input.parse(inputs[name]), contextOf(smallWorld('none'), suspected, signal)),
    ).rejects.toThrow('nobody waits any more');
  });
});

const instant = fc.oneof(
  fc.integer({ min: startAt - 10_000, max: startAt + 160_000 }),
  fc.integer({ min: startAt + 3_600_000, max: startAt + 3_700_000 }),
);
const service = fc.constantFrom('front', 'orders', 'stock', '', '\u0000', 'x'.repeat(300));
const number = fc.oneof(fc.double(), fc.integer({ min: -5, max: 5_000 }), fc.constant(Number.NaN));
const text = fc.string({ unit: 'grapheme', maxLength: 300 });
const id = fc.constantFrom('a', 'b', 'c', 'd');
const attributes = fc.dictionary(
  fc.constantFrom(
    'db.system',
    'peer.service',
    'http.response.status_code',
    'error.type',
    'outcome',
  ),
  text,
  { maxKeys: 3 },
);

const anySpan: fc.Arbitrary<Span> = fc.record({
  traceId: id,
  spanId: id,
  parentSpanId: fc.option(id),
  service,
  instance: fc.constant(null),
  name: text,
  kind: fc.constantFrom('server', 'client', 'internal', 'consumer', 'producer', 'unset'),
  startAt: instant,
  durationMs: number,
  status: fc.constantFrom('ok', 'error', 'unset'),
  attributes,
});
const anyLog: fc.Arbitrary<LogRecord> = fc.record({
  at: instant,
  body: text,
  service: fc.option(service),
  instance: fc.constant(null),
  severity: fc.constantFrom('info', 'error', null),
  traceId: fc.option(id),
  spanId: fc.constant(null),
  row: fc.nat(),
});
const anySeries: fc.Arbitrary<Series> = fc
  .record({
    metric: fc.oneof(
      text,
      fc.constantFrom('process.cpu.utilization', 'http.server.request.duration'),
    ),
    service: fc.option(service),
    instance: fc.constant(null),
    peer: fc.option(service),
    statistic: fc.constantFrom(null, 'count', 'p90', 'avg', 'sum'),
    unit: fc.constantFrom(null, '1', 's', '%', 'x'.repeat(100)),
    kind: fc.constantFrom('gauge', 'counter', 'histogram'),
    attributes,
    points: fc.array(fc.tuple(instant, number), { maxLength: 40 }),
  })
  .map(({ points, ...rest }) => {
    const ordered = points.toSorted(([one], [other]) => one - other);
    return { ...rest, atMs: ordered.map(([at]) => at), values: ordered.map(([, one]) => one) };
  });

test('no tool throws on data as it should never be, and each answers within its bounds', async () => {
  const { window, changes } = smallWorld('none');
  await fc.assert(
    fc.asyncProperty(
      fc.array(anySpan, { maxLength: 60 }),
      fc.array(anyLog, { maxLength: 60 }),
      fc.array(anySeries, { maxLength: 12 }),
      fc.array(fc.tuple(text, fc.option(text), service), { maxLength: 12 }),
      async (spans, logs, metrics, drawn) => {
        const strange = drawn.map(([title, diff, name], index) => ({
          id: `c${index}`,
          kind: 'config' as const,
          at: startAt + index * 7_000,
          service: name.slice(0, 120),
          title: title.slice(0, 160),
          author: null,
          url: null,
          files: [title],
          diff,
          attributes: { [title]: name },
        }));
        const held = { window, spans, logs, metrics, changes: [...changes, ...strange] };
        for (const name of names) expectSound(await call(name, held));
      },
    ),
    { numRuns: 25 },
  );
});

test('a large log neither blocks others nor is read at once', async () => {
  const lines = 60_000;
  const { window } = smallWorld('none');
  const stepMs = (window.endAt - window.startAt) / lines;
  const logs = Array.from({ length: lines }, (_unused, index): LogRecord => ({
    at: window.startAt + Math.floor(index * stepMs),
    body: `request ${index} of user u${index % 977} took ${index % 311} ms on path /items/${index % 53}`,
    service: 'front',
    instance: null,
    severity: 'info',
    traceId: null,
    spanId: null,
    row: index,
  }));
  const source = memoryTelemetry({ window, logs });
  let largestPage = 0;
  const telemetry: typeof source = {
    ...source,
    logs: async (query, signal) => {
      largestPage = Math.max(largestPage, query.limit);
      return source.logs(query, signal);
    },
  };
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  const tool = catalogue['cluster-logs'];
  const result = await tool?.run({}, { ...contextOf({ window }, suspected), telemetry });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(5);
  expect(largestPage).toBeLessThanOrEqual(50_000);
  // Those of the second between the sides are on neither.
  expect(result?.ok && result.digest.notes.at(-1)).toMatch(/^59600 lines in 1 templates/);
});

test('more spans than may be read are sampled over the whole window, and said to be', async () => {
  const held = smallWorld('slow-database');
  const source = memoryTelemetry(held);
  const telemetry: typeof source = {
    ...source,
    spans: (query, signal) =>
      source.spans({ ...query, limit: Math.min(query.limit, 3_600) }, signal),
  };
  const result = await catalogue['compare-traces']?.run(
    {},
    {
      ...contextOf(held, suspected),
      telemetry,
    },
  );
  if (result?.ok !== true) throw new Error('the tool failed');
  expect(result.digest.truncated).toMatch(/^read \d+ rows spread over the window, not all/);
  expect(result.evidence[0]?.query).toContain('in 24 equal parts of the window');
  expect(result.digest.observations.every(({ aspect }) => aspect !== 'traffic')).toBe(true);
  expect(result.digest.observations[0]?.aspect).toBe('duration');
});
