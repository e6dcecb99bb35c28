import { describe, expect, test } from '@jest/globals';
import { roster } from '../../agents/roster.ts';
import type { Finding } from '../../core/schemas/finding.ts';
import type { Role } from '../../core/schemas/roles.ts';
import {
  bank,
  billing,
  configure,
  dated,
  deploy,
  front,
  investigate,
  orders,
  shift,
  vault,
} from './support/world.ts';
import type { Outcome, World } from './support/world.ts';

const slow = (entity: typeof front) => dated({ entity, aspect: 'duration' });
const slowVault: World = {
  felt: [slow(front)],
  traces: [slow(front), slow(orders), slow(billing)],
  spans: {
    billing: [
      shift({
        entity: billing,
        peer: vault,
        aspect: 'edge-duration',
        name: 'SELECT',
        before: 2,
        after: 800,
      }),
    ],
  },
};
const brokenOrders: World = {
  felt: [dated({ entity: front, aspect: 'error-ratio' })],
  traces: [
    dated({ entity: front, aspect: 'error-ratio' }),
    dated({ entity: orders, aspect: 'error-ratio' }),
    dated({ entity: orders, aspect: 'own-error' }),
  ],
};

function findingOf({ findings }: Outcome, role: Role): Finding {
  const found = findings.find((one) => one.role === role);
  if (found === undefined) throw new Error(`${role} has no finding`);
  return found;
}

const callsOf = ({ observations }: Outcome, role: Role, round: number): string[] =>
  observations
    .filter((one) => one.role === role && one.round === round)
    .map(({ call }) => `${call.tool} ${JSON.stringify(call.input)}`);

describe('a specialist', () => {
  test('looks wide first, then closely at what the first digest singled out', async () => {
    const outcome = await investigate(slowVault);
    expect(callsOf(outcome, 'trace', 1)[0]).toBe('compare-traces {}');
    expect(callsOf(outcome, 'trace', 2)).toEqual(['inspect-spans {"service":"billing"}']);
    expect(findingOf(outcome, 'trace')).toMatchObject({
      conclusion: 'anomalous',
      ended: 'answered',
    });
  });

  test('calls only tools of its role', async () => {
    const { observations } = await investigate({ ...brokenOrders, changes: [deploy('orders', 2)] });
    const foreign = observations.filter(({ role, call }) => {
      const tools: readonly string[] = roster[role].tools;
      return !tools.includes(call.tool);
    });
    expect(foreign).toEqual([]);
  });

  test('is done after one round when nothing stands out', async () => {
    const outcome = await investigate({});
    for (const role of ['aggregation', 'trace', 'log'] as const) {
      expect(callsOf(outcome, role, 2)).toEqual([]);
      expect(findingOf(outcome, role).conclusion).toBe('normal');
    }
  });

  test('keeps a hypothesis that the closer look contradicts, with what refuted it', async () => {
    const outcome = await investigate({
      ...brokenOrders,
      spans: {
        orders: [
          shift({ entity: orders, aspect: 'own-error', name: 'POST /x', after: 0, score: 0.2 }),
        ],
      },
    });
    const [hypothesis] = findingOf(outcome, 'trace').hypotheses.filter(
      ({ faultKind }) => faultKind === 'code-defect',
    );
    expect(hypothesis).toMatchObject({ state: 'refuted', entity: orders });
    expect(hypothesis?.evidenceAgainst).toHaveLength(1);
  });

  test('says that it cannot tell when its one tool fails, and that is a gap', async () => {
    const outcome = await investigate({
      ...brokenOrders,
      failing: { 'cluster-logs': 'bug.invariant' },
    });
    expect(findingOf(outcome, 'log')).toMatchObject({
      conclusion: 'no-conclusion',
      gaps: [{ signal: 'logs', reason: 'cluster-logs failed: cluster-logs is away' }],
    });
  });

  test('tries a call once more when the backend was away, and once only', async () => {
    const outcome = await investigate({ failing: { 'compare-traces': 'unavailable.backend' } });
    expect(callsOf(outcome, 'trace', 1)).toEqual(['compare-traces {}']);
    expect(callsOf(outcome, 'trace', 2)).toEqual(['compare-traces {}']);
    expect(callsOf(outcome, 'trace', 3)).toEqual([]);
  });

  test('asks about fewer services when its query took too long', async () => {
    const outcome = await investigate({ failing: { 'scan-metrics': 'timeout.backend' } });
    expect(callsOf(outcome, 'aggregation', 2)).toEqual([
      'scan-metrics {"services":["front","billing","orders"]}',
    ]);
  });

  test('does not repeat a call that was refused', async () => {
    const outcome = await investigate({ failing: { 'scan-metrics': 'unsafe.denied' } });
    expect(callsOf(outcome, 'aggregation', 2)).toEqual([]);
  });

  test('concludes from what it has when a cap is reached', async () => {
    const outcome = await investigate(slowVault, { trace: { rounds: 1 } });
    expect(callsOf(outcome, 'trace', 2)).toEqual([]);
    expect(findingOf(outcome, 'trace')).toMatchObject({ conclusion: 'anomalous', ended: 'rounds' });
  });

  test('concludes when its calls or its time are used up', async () => {
    const calls = await investigate(slowVault, { trace: { calls: 1 } });
    expect(findingOf(calls, 'trace').ended).toBe('calls');
    const time = await investigate(slowVault, { wallMs: 1 });
    expect(findingOf(time, 'trace')).toMatchObject({ ended: 'time', conclusion: 'no-conclusion' });
  });
});

describe('root cause', () => {
  test('sends exactly one question back, about the change that nobody has tested', async () => {
    const outcome = await investigate({ ...slowVault, changes: [deploy('orders', 55)] });
    const asked = outcome.decisions.filter(({ kind }) => kind === 'ask');
    expect(asked).toMatchObject([
      { specialist: 'change', calls: [{ tool: 'inspect-change', input: { id: 'orders-r7' } }] },
    ]);
  });

  test('asks something else when every change has been tested', async () => {
    const outcome = await investigate({ ...slowVault, changes: [deploy('orders', 5)] });
    const [asked] = outcome.decisions.flatMap((decision) =>
      decision.kind === 'ask' ? [decision] : [],
    );
    expect(asked?.specialist).toBe('trace');
    expect(asked?.calls.map(({ input }) => input)).not.toContainEqual({ service: 'billing' });
  });

  test('asks nothing when there is nothing to explain', async () => {
    const outcome = await investigate({ changes: [deploy('orders', 5)] });
    expect(outcome.decisions.some(({ kind }) => kind === 'ask')).toBe(false);
  });

  test('rules the unrelated deploy out and says why', async () => {
    const { synthesis } = await investigate({ ...slowVault, changes: [deploy('orders', 30)] });
    expect(synthesis.ruledOut).toContainEqual(
      expect.objectContaining({
        hypothesis: expect.stringContaining('orders-r7') as unknown,
        because: expect.stringContaining('went on as before') as unknown,
      }),
    );
  });

  test('follows the harm from the cause to whoever felt it, and every step passes its tests', async () => {
    const { synthesis } = await investigate(slowVault);
    expect(synthesis.chain.map(({ from, to }) => [from.name, to.name])).toEqual([
      ['vault', 'billing'],
      ['billing', 'orders'],
      ['orders', 'front'],
    ]);
    for (const { tests } of synthesis.chain) {
      expect(tests).toEqual({ edge: true, deviates: true, order: true });
    }
    expect(synthesis.affected).toEqual([
      { entity: vault, role: 'cause' },
      { entity: front, role: 'symptom' },
      { entity: orders, role: 'propagated' },
      { entity: billing, role: 'propagated' },
    ]);
  });

  test('is surer the more kinds of telemetry agree', async () => {
    const alone = await investigate(brokenOrders);
    const line = shift({
      entity: orders,
      aspect: 'log-new',
      name: 'cannot read total of <*>',
      after: 2,
    });
    const joined = await investigate({ ...brokenOrders, logs: [line] });
    expect(joined.synthesis.confidence).toBeGreaterThan(alone.synthesis.confidence);
  });

  test('does not choose between two services in which errors arise alike', async () => {
    const own = (entity: typeof front) => [
      dated({ entity, aspect: 'error-ratio' }),
      dated({ entity, aspect: 'own-error' }),
    ];
    const { synthesis } = await investigate({
      ...brokenOrders,
      traces: [dated({ entity: front, aspect: 'error-ratio' }), ...own(orders), ...own(billing)],
    });
    expect(synthesis.verdict).toBe('inconclusive');
    expect(synthesis.ranking.length).toBeGreaterThan(1);
  });

  test('does not accept a configuration change only because it came at the same time', async () => {
    const { synthesis } = await investigate({
      ...slowVault,
      changes: [configure('billing', 1, 'greeting')],
      effects: { 'cfg-billing': [slow(billing)] },
    });
    expect(synthesis.causes).toMatchObject([{ entity: vault, changeId: null }]);
  });

  test('blames a setting about the very resource that ran out', async () => {
    const connections = dated({ entity: billing, aspect: 'connections', before: 1, after: 4 });
    const { synthesis } = await investigate({
      ...slowVault,
      metrics: [connections],
      changes: [configure('billing', 1, 'poolMax')],
      effects: { 'cfg-billing': [connections, slow(billing)] },
    });
    expect(synthesis.causes).toMatchObject([
      { entity: billing, faultKind: 'bad-config', changeId: 'cfg-billing' },
    ]);
  });
});

describe('with parts of the telemetry missing', () => {
  const badDeploy: World = {
    ...brokenOrders,
    logs: [shift({ entity: orders, aspect: 'log-new', name: 'bad total <*>', after: 2 })],
    changes: [deploy('orders', 2)],
    effects: { 'orders-r7': [dated({ entity: orders, aspect: 'own-error' })] },
  };

  test('a specialist without anything to look at is not started, and the gap is stated', async () => {
    const outcome = await investigate({ ...badDeploy, missing: ['logs'] });
    expect(outcome.plan.assignments.map(({ role }) => role)).toEqual([
      'aggregation',
      'trace',
      'change',
    ]);
    expect(outcome.plan.gaps).toMatchObject([{ signal: 'logs' }]);
    expect(outcome.synthesis.causes).toMatchObject([
      { faultKind: 'bad-deploy', changeId: 'orders-r7' },
    ]);
  });

  test('it is less sure', async () => {
    const whole = await investigate(badDeploy);
    const half = await investigate({ ...badDeploy, logs: [], missing: ['logs', 'metrics'] });
    expect(half.synthesis.verdict).toBe('cause-found');
    expect(half.synthesis.confidence).toBeLessThan(whole.synthesis.confidence);
  });

  test('without traces, errors of a service whose calls go well arise there', async () => {
    const { synthesis } = await investigate({
      felt: brokenOrders.felt ?? [],
      missing: ['traces'],
      metrics: [
        dated({ entity: front, aspect: 'error-ratio' }),
        dated({ entity: front, peer: orders, aspect: 'edge-error' }),
        dated({ entity: orders, aspect: 'error-ratio' }),
        shift({ entity: orders, peer: billing, aspect: 'edge-traffic', before: 5, after: 1 }),
      ],
      changes: [deploy('orders', 2)],
      effects: { 'orders-r7': [] },
    });
    expect(synthesis.causes).toMatchObject([{ entity: orders, faultKind: 'bad-deploy' }]);
    expect(synthesis.summary).toContain('could not be tested');
  });

  test('without traces, delays of a service whose calls go well arise there', async () => {
    const { synthesis } = await investigate({
      felt: [dated({ entity: front, aspect: 'duration', name: 'latency p90' })],
      missing: ['traces', 'logs'],
      metrics: [
        dated({ entity: front, aspect: 'duration', name: 'latency p90' }),
        dated({
          entity: front,
          peer: orders,
          aspect: 'edge-traffic',
          before: 5,
          after: 5,
          score: 1,
        }),
        dated({ entity: orders, aspect: 'duration', name: 'latency p90' }),
        dated({
          entity: orders,
          peer: billing,
          aspect: 'edge-traffic',
          before: 5,
          after: 5,
          score: 1,
        }),
        dated({
          entity: billing,
          aspect: 'duration',
          name: 'latency p90',
          before: 100,
          after: 180,
        }),
      ],
    });
    expect(synthesis.ranking[0]).toMatchObject({ entity: orders });
    expect(synthesis.summary).toContain('nothing that was measured of what it calls explains it');
  });

  test('with nothing there, nobody is asked and the verdict is inconclusive', async () => {
    const outcome = await investigate({ missing: ['metrics', 'traces', 'logs', 'changes'] });
    expect(outcome.plan.assignments).toEqual([]);
    expect(outcome.plan.gaps).toHaveLength(4);
    expect(outcome.synthesis.verdict).toBe('inconclusive');
  });

  test('with nobody knowing what there is, nothing found does not mean that nothing is wrong', async () => {
    const failing = { 'check-coverage': 'bug.invariant', 'find-onset': 'bug.invariant' };
    const outcome = await investigate({ failing });
    expect(outcome.synthesis).toMatchObject({ verdict: 'inconclusive', causes: [] });
    expect(outcome.synthesis.summary).toContain('What telemetry there is could not be found out');
  });

  test('with every tool failing, the verdict is inconclusive and every gap is stated', async () => {
    const failing = Object.fromEntries(
      [
        'check-coverage',
        'find-onset',
        'scan-metrics',
        'compare-traces',
        'cluster-logs',
        'list-changes',
      ].map((tool) => [tool, 'bug.invariant']),
    );
    const outcome = await investigate({ ...badDeploy, failing });
    expect(outcome.synthesis.verdict).toBe('inconclusive');
    expect(outcome.findings).toHaveLength(5);
    const signals = new Set(
      outcome.findings.flatMap(({ gaps }) => gaps.map(({ signal }) => signal)),
    );
    expect([...signals].sort()).toEqual(['changes', 'logs', 'metrics', 'traces']);
  });

  test('only logs cannot show what users felt, so nothing is called healthy', async () => {
    const { synthesis } = await investigate({
      ...badDeploy,
      felt: [],
      missing: ['metrics', 'traces'],
      traces: [],
    });
    expect(synthesis.verdict).toBe('inconclusive');
  });
});

test('the whole squad stays within the calls of the triage profile', async () => {
  const world: World = {
    ...slowVault,
    metrics: [front, orders, billing].flatMap((entity) => [
      dated({ entity, aspect: 'cpu' }),
      dated({ entity, aspect: 'memory', after: 1e9 }),
    ]),
    logs: [front, orders, billing].map((entity) =>
      shift({ entity, aspect: 'log-new', name: 'oh no', after: 3 }),
    ),
    changes: [deploy('front', 1), deploy('orders', 3), deploy('billing', 5)],
    spans: { billing: [shift({ entity: billing, peer: bank, aspect: 'edge-duration' })] },
  };
  const { observations } = await investigate(world);
  expect(observations.length).toBeLessThanOrEqual(20);
});
