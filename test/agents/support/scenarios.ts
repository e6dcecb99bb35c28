import { loadScenarios } from './load-scenarios.ts';
import { feltErrors, feltSlow, failing, slow, ownErrors } from './scenario.ts';
import type { Scenario } from './scenario.ts';
import { wayScenarios } from './way-scenarios.ts';
import {
  bank,
  billing,
  commit,
  configure,
  dated,
  deploy,
  front,
  onsetAt,
  orders,
  shift,
  vault,
} from './world.ts';
import type { World } from './world.ts';

const badLeaf: World = {
  felt: feltErrors,
  traces: [failing(front), failing(orders), failing(billing), ownErrors(billing)],
  logs: [
    shift({ entity: billing, aspect: 'log-new', name: 'charge failed: bad amount <*>', after: 3 }),
    shift({ entity: orders, aspect: 'log-new', name: 'billing answered <*>', after: 3 }),
    shift({ entity: front, aspect: 'log-new', name: 'orders answered <*>', after: 3 }),
  ],
  changes: [deploy('billing', 0)],
  effects: { 'billing-r7': [ownErrors(billing)] },
};

const badMiddle: World = {
  felt: feltErrors,
  traces: [failing(front), failing(orders), ownErrors(orders)],
  changes: [configure('front', 150, 'pageSize'), deploy('orders', 4)],
  effects: { 'orders-r7': [ownErrors(orders)] },
};

const waits = { entity: billing, aspect: 'edge-duration' } as const;

const slowDatabase: World = {
  felt: feltSlow,
  traces: [slow(front), slow(orders), slow(billing)],
  metrics: [
    dated({ entity: billing, aspect: 'connections', before: 1, after: 10 }),
    shift({ entity: front, aspect: 'other-metric', name: 'active requests', after: 9 }),
  ],
  spans: {
    billing: [
      shift({
        entity: billing,
        peer: vault,
        aspect: 'edge-duration',
        name: 'SELECT charges',
        before: 2,
        after: 800,
        score: 60,
      }),
    ],
  },
};

const slowOutside: World = {
  ...slowDatabase,
  metrics: [],
  spans: {
    billing: [
      shift({
        entity: billing,
        peer: bank,
        aspect: 'edge-duration',
        name: 'POST /pay',
        before: 90,
        after: 890,
      }),
    ],
  },
};

const burning: World = {
  felt: feltSlow,
  traces: [slow(front, 700), slow(orders, 700), slow(billing, 600)],
  metrics: [
    dated({ entity: billing, aspect: 'cpu', name: 'cpu', before: 0.05, after: 0.97, score: 14 }),
    dated({
      entity: billing,
      aspect: 'event-loop',
      name: 'delay',
      unit: 's',
      before: 0.01,
      after: 0.25,
      score: 17,
    }),
  ],
  spans: {
    billing: [
      shift({
        entity: billing,
        peer: vault,
        aspect: 'edge-duration',
        name: 'SELECT',
        before: 2,
        after: 200,
        score: 30,
      }),
      shift({
        entity: billing,
        peer: bank,
        aspect: 'edge-duration',
        name: 'POST',
        before: 90,
        after: 220,
        score: 5,
      }),
    ],
  },
  changes: [configure('billing', 70, 'batchSize')],
};

const impatient: World = {
  felt: feltErrors,
  traces: [failing(front), failing(orders), ownErrors(orders)],
  changes: [configure('orders', 0, 'billingTimeoutMs')],
  effects: { 'cfg-orders': [ownErrors(orders)] },
  spans: {
    orders: [
      ownErrors(orders),
      shift({ entity: orders, peer: billing, aspect: 'edge-error' }),
      shift({
        entity: orders,
        peer: billing,
        aspect: 'edge-duration',
        before: 90,
        after: 45,
        score: 4,
      }),
    ],
  },
};

const impatientOutside: World = {
  felt: feltErrors,
  traces: [failing(front), failing(orders), failing(billing)],
  changes: [configure('billing', 1, 'bankTimeoutMs')],
  effects: {
    'cfg-billing': [
      shift({ entity: billing, aspect: 'error-ratio' }),
      shift({ entity: billing, peer: bank, aspect: 'edge-error' }),
    ],
  },
  spans: { billing: [shift({ entity: billing, peer: bank, aspect: 'edge-error' })] },
};

const outageOutside: World = { ...impatientOutside, changes: [], effects: {} };

/** The table of imagined incidents. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'a bad deploy of the service at the end of the calls',
    world: badLeaf,
    cause: { entity: billing, faultKind: 'bad-deploy', changeId: 'billing-r7' },
  },
  {
    name: 'a bad deploy in the middle, a few seconds before it shows, with an earlier harmless setting',
    world: badMiddle,
    cause: { entity: orders, faultKind: 'bad-deploy', changeId: 'orders-r7' },
  },
  {
    name: 'a slow database behind the last service, whose connections run out with it',
    world: slowDatabase,
    cause: { entity: vault, faultKind: 'slow-dependency', changeId: null },
  },
  {
    name: 'a slow system outside',
    world: slowOutside,
    cause: { entity: bank, faultKind: 'slow-dependency', changeId: null },
  },
  {
    name: 'a slow database beside a system outside that takes somewhat longer too, each by its own time',
    world: {
      ...slowDatabase,
      metrics: [],
      spans: {
        billing: [
          ...(slowDatabase.spans?.['billing'] ?? []),
          shift({
            entity: billing,
            peer: bank,
            aspect: 'edge-duration',
            name: 'POST /pay',
            before: 120,
            after: 360,
            score: 3.4,
          }),
        ],
      },
    },
    cause: { entity: vault, faultKind: 'slow-dependency', changeId: null },
  },
  {
    name: 'a slow database, while one call of another callee took as long by chance',
    world: {
      ...slowDatabase,
      metrics: [
        shift({ ...waits, peer: vault, name: 'query p95', before: 4, after: 700, score: 32 }),
        shift({ ...waits, peer: vault, name: 'query avg', before: 3, after: 450, score: 30 }),
        shift({ ...waits, peer: bank, name: 'call p100', before: 110, after: 530, score: 7 }),
      ],
    },
    cause: { entity: vault, faultKind: 'slow-dependency', changeId: null },
  },
  {
    name: 'a slow database, while calls of another callee take a little longer and one took as long',
    world: {
      ...slowDatabase,
      metrics: [
        shift({ ...waits, peer: vault, name: 'query avg', before: 3, after: 700, score: 30 }),
        shift({ ...waits, peer: bank, name: 'call max', before: 110, after: 530, score: 1.3 }),
        shift({ ...waits, peer: bank, name: 'call avg', before: 75, after: 105, score: 1 }),
      ],
    },
    cause: { entity: vault, faultKind: 'slow-dependency', changeId: null },
  },
  {
    name: 'a busy processor, through whose eyes its database looks slow',
    world: burning,
    cause: { entity: billing, faultKind: 'cpu-saturation', changeId: null },
  },
  {
    name: 'a busy processor without any metrics: all its calls are delayed alike',
    world: { ...burning, metrics: [], missing: ['metrics'] },
    cause: { entity: billing, faultKind: 'cpu-saturation', changeId: null },
  },
  {
    name: 'a time-out set too short: the callee is as before',
    world: impatient,
    cause: { entity: orders, faultKind: 'bad-config', changeId: 'cfg-orders' },
  },
  {
    name: 'a time-out set too short towards a system that says nothing about itself',
    world: impatientOutside,
    cause: { entity: billing, faultKind: 'bad-config', changeId: 'cfg-billing' },
  },
  {
    name: 'a system outside that refuses calls, and no change',
    world: outageOutside,
    cause: { entity: bank, faultKind: 'dependency-outage', changeId: null },
  },
  {
    name: 'a loud deploy of a caller half a minute before its database becomes slow',
    world: { ...slowDatabase, changes: [deploy('orders', 30)] },
    cause: { entity: vault, faultKind: 'slow-dependency', changeId: null },
  },
  {
    name: 'a loud deploy of the entry itself right before a system outside becomes slow',
    world: {
      ...slowOutside,
      changes: [deploy('front', 3)],
      effects: { 'front-r7': [slow(front)] },
    },
    cause: { entity: bank, faultKind: 'slow-dependency', changeId: null },
  },
  {
    name: 'a loud deploy of the very service whose database becomes slow',
    world: { ...slowDatabase, changes: [deploy('billing', 20)] },
    cause: { entity: vault, faultKind: 'slow-dependency', changeId: null },
  },
  {
    name: 'errors that arise in a service that was deployed only after they began',
    world: { ...badLeaf, changes: [deploy('billing', -40)], effects: {} },
    cause: { entity: billing, faultKind: 'code-defect', changeId: null },
  },
  {
    name: 'errors that arise in a service that nobody changed',
    world: { ...badLeaf, changes: [] },
    cause: { entity: billing, faultKind: 'code-defect', changeId: null },
  },
  {
    name: 'a failing service whose caller tries three times, as clients do',
    world: {
      ...badLeaf,
      traces: [
        ...(badLeaf.traces ?? []),
        dated({
          entity: orders,
          peer: billing,
          aspect: 'edge-fan-out',
          name: 'calls for each request',
          before: 1,
          after: 3,
          score: 12,
        }),
      ],
      changes: [],
    },
    cause: { entity: billing, faultKind: 'code-defect', changeId: null },
  },
  ...loadScenarios,
  ...wayScenarios,
  {
    name: 'a commit of a shared library, hours old, whose diff does what leads to the errors of a caller’s callee',
    world: {
      ...badLeaf,
      changes: [commit('a1b2', 10), commit('c3d4', 7_200), commit('e5f6', 4_000)],
      matches: {
        c3d4: {
          score: 0.8,
          services: ['orders'],
          at: onsetAt - 7_000_000,
          because:
            'It lowers “maxAmount” from “500” to “5”; the evidence speaks of what that leads to.',
        },
      },
    },
    cause: { entity: orders, faultKind: 'bad-deploy', changeId: 'c3d4' },
  },
  {
    name: 'commits of which none does what leads to it, one of them made just before',
    world: { ...badLeaf, changes: [commit('a1b2', 3), commit('c3d4', 600)] },
    cause: { entity: billing, faultKind: 'code-defect', changeId: null },
  },
  {
    name: 'two commits that account for it equally well',
    world: {
      ...badLeaf,
      changes: [commit('a1b2', 3), commit('c3d4', 600)],
      matches: Object.fromEntries(
        ['a1b2', 'c3d4'].map((id) => [
          id,
          { score: 0.7, services: ['billing'], at: onsetAt - 3_000, because: 'It may.' },
        ]),
      ),
    },
    cause: { entity: billing, faultKind: 'code-defect', changeId: null },
  },
  {
    name: 'an alert that nothing supports, with a deploy shortly before it',
    world: { changes: [deploy('orders', 10)] },
    cause: null,
  },
  {
    name: 'an alert that nothing supports, and a metric that moved elsewhere',
    world: {
      metrics: [dated({ entity: billing, aspect: 'memory', before: 1e8, after: 2e8, score: 4 })],
    },
    cause: null,
  },
  {
    name: 'a symptom at the entry of which nothing shows where it arises',
    world: { felt: feltSlow, traces: [slow(front)], changes: [deploy('front', 8)] },
    cause: null,
  },
];
