import { feltErrors, feltSlow, slow } from './scenario.ts';
import type { Scenario } from './scenario.ts';
import { billing, dated, front, onsetAt, orders, shift } from './world.ts';

/** Incidents that arise between services, or in what a service leaves out. */
export const wayScenarios: readonly Scenario[] = [
  {
    name: 'calls that take long on the way to a service which is as fast as before',
    world: {
      felt: feltSlow,
      traces: [
        slow(front),
        slow(orders),
        dated({ entity: orders, peer: billing, aspect: 'edge-gap' }),
      ],
    },
    cause: { entity: billing, faultKind: 'network-delay', changeId: null },
  },
  {
    name: 'a service that is far from those that call it and from what it calls',
    world: {
      felt: feltSlow,
      traces: [
        slow(front),
        slow(orders, 500),
        dated({ entity: front, peer: orders, aspect: 'edge-gap' }),
        dated({ entity: orders, peer: billing, aspect: 'edge-gap' }),
      ],
    },
    cause: { entity: orders, faultKind: 'network-delay', changeId: null },
  },
  {
    name: 'a caller that hears its answers late because its own event loop is busy',
    world: {
      felt: feltSlow,
      traces: [slow(front), dated({ entity: front, peer: orders, aspect: 'edge-gap' })],
      metrics: [
        shift({
          entity: front,
          aspect: 'event-loop',
          unit: 'ms',
          before: 100,
          after: 700,
          score: 2,
        }),
      ],
    },
    cause: null,
  },
  {
    name: 'a caller that hears its answers late because it ran out of memory and started again',
    world: {
      felt: feltErrors,
      traces: [
        dated({ entity: front, aspect: 'error-ratio' }),
        dated({ entity: orders, peer: billing, aspect: 'edge-gap', score: 20 }),
      ],
      metrics: [
        shift({ entity: orders, aspect: 'restarts', after: 2 }),
        shift({ entity: orders, aspect: 'memory', before: 22e6, after: 104e6, score: 5 }),
        shift({ entity: front, peer: orders, aspect: 'edge-error' }),
      ],
    },
    cause: { entity: orders, faultKind: 'memory-exhaustion', changeId: null },
  },
  {
    name: 'a slow way, whose caller started again long after it had become slow',
    world: {
      felt: feltSlow,
      traces: [slow(front), dated({ entity: front, aspect: 'edge-gap', peer: orders, score: 20 })],
      metrics: [
        shift({
          ...{ entity: front, aspect: 'restarts', before: 0, after: 1, score: 5 },
          onset: { earliestAt: onsetAt + 60_000, latestAt: onsetAt + 70_000 },
        }),
      ],
    },
    cause: { entity: orders, faultKind: 'network-delay', changeId: null },
  },
  {
    name: 'a service that ends requests before what it did in them until now',
    world: {
      felt: feltErrors,
      traces: [
        dated({ entity: front, aspect: 'error-ratio' }),
        dated({ entity: orders, aspect: 'omission', name: 'charge in POST /orders', after: 0.6 }),
      ],
    },
    cause: { entity: orders, faultKind: 'code-defect', changeId: null },
  },
  {
    name: 'a caller that leaves things out and complains of a callee that writes what is wrong',
    world: {
      felt: feltErrors,
      traces: [
        dated({ entity: front, aspect: 'error-ratio' }),
        dated({ entity: orders, aspect: 'omission', name: 'reserve in POST /orders', after: 0.6 }),
      ],
      logs: [
        dated({ entity: orders, aspect: 'log-new', name: 'ERROR billing answered <*>' }),
        dated({ entity: billing, aspect: 'log-new', name: 'ERROR no amount in <*>' }),
      ],
    },
    cause: { entity: billing, faultKind: 'unknown', changeId: null },
  },
  {
    name: 'a service that uses more memory, a third of what it may',
    world: {
      felt: feltSlow,
      traces: [slow(front)],
      metrics: [shift({ entity: orders, aspect: 'memory', unit: '%', before: 10, after: 33 })],
    },
    cause: null,
  },
];
