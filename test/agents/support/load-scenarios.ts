import { feltErrors, feltSlow, failing, slow } from './scenario.ts';
import type { Scenario } from './scenario.ts';
import { billing, dated, front, orders, shift } from './world.ts';

/** Incidents of services that are asked too much, or run short of something. */
export const loadScenarios: readonly Scenario[] = [
  {
    name: 'many more requests than before',
    world: {
      felt: feltSlow,
      traces: [
        dated({ entity: front, aspect: 'traffic', before: 10, after: 80, score: 20 }),
        dated({ entity: front, aspect: 'duration', after: 300, score: 4 }),
      ],
    },
    cause: { entity: front, faultKind: 'traffic-surge', changeId: null },
  },
  {
    name: 'many more requests than before, which keep a service behind the entry busy',
    world: {
      felt: feltSlow,
      traces: [
        dated({ entity: front, aspect: 'traffic', before: 10, after: 80, score: 20 }),
        slow(front),
        slow(orders),
      ],
      metrics: [dated({ entity: orders, aspect: 'cpu', before: 0.1, after: 0.9, score: 12 })],
    },
    cause: { entity: front, faultKind: 'traffic-surge', changeId: null },
  },
  {
    name: 'many more requests than the entry admits, so that it turns most away',
    world: {
      felt: feltErrors,
      traces: [
        dated({ entity: front, aspect: 'traffic', before: 10, after: 80, score: 20 }),
        failing(front),
        dated({ entity: front, aspect: 'own-error', after: 0.6, score: 14 }),
      ],
    },
    cause: { entity: front, faultKind: 'traffic-surge', changeId: null },
  },
  {
    name: 'a client that sends refused calls again and again, so that all are refused',
    world: {
      felt: feltErrors,
      traces: [
        failing(front),
        failing(orders),
        failing(billing),
        dated({ entity: billing, aspect: 'own-error', after: 0.9, score: 25 }),
        dated({ entity: billing, aspect: 'traffic', before: 5, after: 100, score: 25 }),
        dated({
          entity: orders,
          peer: billing,
          aspect: 'edge-fan-out',
          name: 'calls for each request',
          before: 1,
          after: 22,
          score: 25,
        }),
      ],
    },
    cause: { entity: orders, faultKind: 'retry-storm', changeId: null },
  },
  {
    name: 'a service that asks its database once for each row instead of once, all of which goes well',
    world: {
      felt: feltSlow,
      traces: [
        slow(front),
        slow(orders),
        dated({ entity: billing, aspect: 'traffic', before: 5, after: 100, score: 25 }),
        dated({
          entity: orders,
          peer: billing,
          aspect: 'edge-fan-out',
          name: 'calls for each request',
          before: 1,
          after: 22,
          score: 25,
        }),
      ],
    },
    cause: { entity: orders, faultKind: 'code-defect', changeId: null },
  },
  {
    name: 'a pool of connections that its own service keeps taken, while the database is as before',
    world: {
      felt: feltErrors,
      traces: [
        failing(front),
        failing(orders),
        failing(billing),
        dated({ entity: billing, aspect: 'own-error', after: 0.4, score: 12 }),
      ],
      metrics: [
        dated({
          entity: billing,
          aspect: 'connections',
          name: 'db.client.connection.pending_requests {vault}',
          before: 0,
          after: 40,
          unit: '{request}',
          score: 14,
        }),
      ],
    },
    cause: { entity: billing, faultKind: 'connection-exhaustion', changeId: null },
  },
  {
    name: 'a pool of connections that requests wait for, seen in how long they wait',
    world: {
      felt: feltSlow,
      traces: [
        slow(front),
        slow(orders),
        slow(billing),
        dated({ entity: billing, aspect: 'self-time', before: 3, after: 3_500, score: 37 }),
      ],
      metrics: [
        dated({
          entity: billing,
          aspect: 'connections',
          name: 'db.client.connection.wait_time sum',
          before: 0.005,
          after: 117,
          unit: 's',
          score: 24,
        }),
      ],
    },
    cause: { entity: billing, faultKind: 'connection-exhaustion', changeId: null },
  },
  {
    name: 'a busy processor on a machine where everybody is somewhat slower',
    world: {
      felt: feltSlow,
      traces: [
        slow(front, 2_000),
        slow(orders, 1_400),
        slow(billing, 500),
        dated({ entity: billing, aspect: 'self-time', before: 3, after: 130, score: 3.5 }),
        dated({ entity: front, aspect: 'self-time', before: 3, after: 14, score: 2.9 }),
      ],
      metrics: [
        dated({
          entity: orders,
          aspect: 'event-loop',
          before: 11,
          after: 435,
          unit: 'ms',
          score: 20,
        }),
        dated({
          entity: billing,
          aspect: 'event-loop',
          before: 25,
          after: 144,
          unit: 'ms',
          score: 7,
        }),
        dated({
          entity: front,
          aspect: 'event-loop',
          before: 23,
          after: 160,
          unit: 'ms',
          score: 5,
        }),
      ],
    },
    cause: { entity: orders, faultKind: 'cpu-saturation', changeId: null },
  },
  {
    name: 'memory that runs out until the service restarts',
    world: {
      felt: feltErrors,
      traces: [failing(front), failing(orders)],
      metrics: [
        dated({ entity: orders, aspect: 'memory', before: 2e8, after: 9e8, score: 9 }),
        dated({ entity: orders, aspect: 'restarts', before: 0, after: 3, score: 6 }),
      ],
    },
    cause: { entity: orders, faultKind: 'memory-exhaustion', changeId: null },
  },
  {
    name: 'a service that starts again and again, which only those who cannot reach it feel',
    world: {
      felt: feltErrors,
      traces: [
        failing(front),
        dated({ entity: front, peer: orders, aspect: 'edge-error', name: 'all calls' }),
      ],
      metrics: [dated({ entity: orders, aspect: 'restarts', before: 0, after: 2, score: 6 })],
      logs: [shift({ entity: front, aspect: 'log-new', name: 'orders could not be reached' })],
    },
    cause: { entity: orders, faultKind: 'restart', changeId: null },
  },
  { name: 'nothing at all', world: {}, cause: null },
];
