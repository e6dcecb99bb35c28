import { describe, expect, test } from '@jest/globals';
import type { Records, RecordKind } from '../../core/ports/telemetry.ts';
import type { Window } from '../../core/schemas/primitives.ts';
import type { MarkdownView } from '../../core/schemas/evidence-views.ts';
import { catalogue } from '../../tools/catalogue.ts';
import { contextOf } from './memory-telemetry.ts';

const window = { startAt: 1_790_000_000_000, endAt: 1_790_000_600_000 };
const at = window.startAt + 300_000;

async function answer(
  name: string,
  records: { readonly [Kind in RecordKind]?: readonly Records[Kind][] },
  input: unknown = {},
  baselines: readonly Window[] = [],
) {
  const tool = catalogue[name];
  if (tool === undefined) throw new Error(`there is no tool ${name}`);
  const suspected = { earliestAt: at, latestAt: at };
  const result = await tool.run(
    tool.input.parse(input),
    contextOf({ window, baselines, records }, suspected),
  );
  if (!result.ok) throw new Error(result.message);
  return result;
}

describe('list-events', () => {
  test('joins what pods of one workload say, and dates it', async () => {
    const event = {
      at,
      firstAt: at - 1_000,
      reason: 'BackOff',
      kind: 'Pod',
      namespace: null,
      message: 'Back-off pulling image "shop:v2"',
      type: 'Warning',
      count: 5,
    };
    const { digest, evidence } = await answer('list-events', {
      events: [
        { ...event, name: 'shop-7f9dd8b6c4-k2m4p' },
        { ...event, name: 'shop-7f9dd8b6c4-x9x9x' },
        { ...event, name: 'shop-7f9dd8b6c4-x9x9x', type: 'Normal', message: 'Pulled' },
      ],
    });
    expect(digest.observations).toMatchObject([
      {
        entity: { kind: 'service', name: 'shop' },
        aspect: 'condition',
        faultKind: 'image-pull',
        after: 10,
        onset: { earliestAt: at - 1_000, latestAt: at - 1_000 },
      },
    ]);
    expect(evidence.map(({ key }) => key)).toEqual(['troubles by events', 'events']);
  });
});

test('inspect-state counts what there is and narrows to a name', async () => {
  const pod = (name: string) => ({
    at,
    kind: 'Pod',
    name,
    namespace: null,
    body: { status: { containerStatuses: [{ name: 'c', restartCount: 9, state: {} }] } },
  });
  const state = [pod('shop-0'), pod('cart-0')];
  const { digest } = await answer('inspect-state', { state }, { name: 'cart' });
  expect(digest.observations).toMatchObject([
    { entity: { name: 'cart' }, faultKind: 'restart', after: 9 },
  ]);
  expect(digest.notes).toEqual(['1 Pod, in memory']);
});

test('list-alerts gathers alerts by whom they are about, without those that are calm', async () => {
  const alert = {
    name: 'cpu',
    at,
    entityKind: 'instance',
    metric: null,
    direction: 'up' as const,
    state: 'firing',
    message: null,
    attributes: {},
  };
  const { digest } = await answer('list-alerts', {
    alerts: [
      { ...alert, entity: 'shop-1' },
      { ...alert, entity: 'shop-1', metric: 'memory' },
      { ...alert, entity: 'shop-2', entityKind: null },
      { ...alert, entity: 'shop-3', state: 'OK' },
      { ...alert, entity: null },
    ],
  });
  expect(digest.observations.map(({ entity, after, name }) => [entity, after, name])).toEqual([
    [{ kind: 'instance', name: 'shop-1' }, 2, 'cpu, memory'],
    [{ kind: 'service', name: 'shop-2' }, 1, 'cpu'],
  ]);
});

const alert = {
  ...{ name: 'cpu', entityKind: null, metric: null, direction: null, state: 'firing' },
  ...{ message: null, attributes: {} },
};
const baselines = [1, 2, 3, 4, 5].map((place) => ({
  startAt: at - place * 3_600_000,
  endAt: at - place * 3_600_000 + 1_000,
}));

test('an alert that always goes off says less than one that seldom does', async () => {
  const noisy = baselines.map(({ startAt }) => ({ ...alert, entity: 'shop-1', at: startAt }));
  const now = [
    { ...alert, entity: 'shop-1', at },
    { ...alert, entity: 'shop-2', at },
  ];
  const { digest } = await answer('list-alerts', { alerts: [...noisy, ...now] }, {}, baselines);
  // log(6 / 6) = 0 for the one of all five times, log(6 / 1) = 1.79 for the other: 3 + log2(1.79) = 3.84.
  expect(digest.observations.map(({ entity, score }) => [entity.name, score])).toEqual([
    ['shop-2', 3.84],
    ['shop-1', 0],
  ]);
  expect(digest.notes).toEqual([expect.stringMatching(/^2 alerts/)]);
});

test('many alerts that go off most of the time do not add up to a few that never did', async () => {
  const often = Array.from({ length: 40 }, (_unused, index) => ({
    ...alert,
    ...{ name: `noise ${index}`, entity: 'shop-1' },
  }));
  const noisy = baselines
    .slice(0, 3)
    .flatMap(({ startAt }) => often.map((one) => ({ ...one, at: startAt })));
  const others = baselines.map(({ startAt }) => ({ ...alert, entity: 'shop-3', at: startAt }));
  const now = [
    ...often.map((one) => ({ ...one, at })),
    ...['one', 'two', 'three', 'four'].map((name) => ({ ...alert, name, entity: 'shop-2', at })),
  ];
  const alerts = [...noisy, ...others, ...now];
  const { digest } = await answer('list-alerts', { alerts }, {}, baselines);
  // 8 log(6 / 4) = 3.24 of the forty, 4 log(6 / 1) = 7.17: 3 + log2 of each.
  expect(
    digest.observations.map(({ entity, after, score }) => [entity.name, after, score]),
  ).toEqual([
    ['shop-2', 4, 5.84],
    ['shop-1', 40, 4.7],
  ]);
});

test('read-topology gives calls as dependencies, near ones first', async () => {
  const relation = (from: string, to: string, kind: 'call' | 'runs-on' = 'call') => ({
    from: { kind: 'service' as const, name: from },
    to: { kind: 'service' as const, name: to },
    kind,
    protocol: null,
  });
  const topology = [
    ...[relation('a', 'n', 'runs-on'), relation('b', 'm', 'runs-on')],
    ...[relation('b', 'c'), relation('shop', 'cart'), relation('a', 'b')],
  ];
  const near = { near: ['shop'] };
  const told = await answer('read-topology', { topology }, near);
  expect(told.digest.dependencies.map(({ from, to }) => `${from.name} ${to.name}`)).toEqual([
    'shop cart',
    'a b',
    'b c',
  ]);
  expect(await answer('read-topology', { topology: topology.toReversed() }, near)).toEqual(told);
});

test('list-commands quotes those that failed', async () => {
  const run = { at, output: 'x', target: null };
  const { digest } = await answer('list-commands', {
    commands: [
      { ...run, command: 'kubectl get pods', exitCode: 0 },
      { ...run, command: 'psql', exitCode: 2 },
    ],
  });
  expect(digest.notes[0]).toMatch(/^2 commands, 1 failed,/);
  expect(digest.notes[1]).toMatch(/: psql ended with 2: x$/);
});

describe('find-runbooks', () => {
  const slow = { file: 'b.md', title: 'Checkout is slow', text: '# Checkout is slow\n\n1. Look' };
  const runbooks = [
    { file: 'a.md', title: 'Disk full', text: 'When checkout logs fill the disk' },
    slow,
    { file: 'c.md', title: 'Holidays', text: 'none' },
  ];

  test('puts the best fitting first, to be read as it was written, and leaves out the others', async () => {
    const { digest, evidence } = await answer(
      'find-runbooks',
      { runbooks },
      { about: 'Checkout slow' },
    );
    expect(digest.notes).toEqual(['Checkout is slow (b.md)', 'Disk full (a.md)']);
    expect(evidence).toMatchObject([
      {
        title: 'Runbook: Checkout is slow, and 1 more',
        view: 'markdown',
        data: {
          documents: [
            { title: slow.title, source: slow.file, text: slow.text, omittedCharacters: 0 },
            { title: 'Disk full' },
          ],
          omittedDocuments: 0,
        },
      },
    ]);
  });

  test('says how much of a long one, and how many of too many, it left out', async () => {
    const long = { ...slow, text: `checkout ${'x'.repeat(30_000)}` };
    const many = Array.from({ length: 7 }, (_, place) => ({ ...long, file: `${place}.md` }));
    const { evidence } = await answer(
      'find-runbooks',
      { runbooks: many },
      { about: 'Checkout slow' },
    );
    const data = evidence[0]?.data as MarkdownView;
    expect(data.documents).toHaveLength(5);
    expect(data.omittedDocuments).toBe(2);
    for (const { text, omittedCharacters } of data.documents) {
      expect([text.length, omittedCharacters]).toEqual([20_000, 10_009]);
    }
  });

  test('says so when none speaks of it', async () => {
    const { digest, evidence } = await answer('find-runbooks', { runbooks }, { about: 'gateway' });
    expect(digest.notes).toEqual(['none of 3 runbooks in memory speaks of it']);
    expect(evidence).toMatchObject([{ title: 'No runbook speaks of it', data: { documents: [] } }]);
  });
});
