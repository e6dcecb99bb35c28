import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startLocalGemini } from '../../../examples/local-gemini/start-local-gemini.ts';
import type { LocalGemini } from '../../../examples/local-gemini/start-local-gemini.ts';
import type { Entity } from '../../../core/schemas/primitives.ts';
import {
  billing,
  dated,
  deploy,
  front,
  investigate,
  onsetAt,
  orders,
} from '../../agents/support/world.ts';
import type { World } from '../../agents/support/world.ts';
import { localModel } from '../../support/local-model.ts';

let gemini: LocalGemini;
beforeAll(async () => {
  gemini = await startLocalGemini();
}, 60_000);
afterAll(() => gemini?.stop());

const fails = (entity: Entity) => dated({ entity, aspect: 'error-ratio' });
const ownError = (entity: Entity) => dated({ entity, aspect: 'own-error', score: 9 });
const slow = (entity: Entity, score = 12) => dated({ entity, aspect: 'duration', score });
/** Two services err by themselves, about equally. */
const tie: World = {
  felt: [fails(front)],
  traces: [fails(front), ownError(orders), ownError(billing)],
};

/** Worlds in which one more look tells, which the embedded policies do not take. */
const worlds: readonly (readonly [string, World])[] = [
  [
    'trace',
    {
      felt: [slow(front)],
      traces: [slow(front), slow(orders, 9), slow(billing, 9)],
      deep: { 'inspect-spans orders': [dated({ entity: orders, aspect: 'self-time', score: 20 })] },
    },
  ],
  [
    'log',
    {
      ...tie,
      deep: {
        'cluster-logs orders': [
          dated({
            entity: orders,
            aspect: 'log-new',
            name: 'connection pool exhausted',
            score: 20,
          }),
        ],
      },
    },
  ],
  [
    'aggregation',
    {
      ...tie,
      deep: {
        'inspect-metrics orders': [
          dated({ entity: orders, aspect: 'cpu', after: 0.99, score: 20 }),
        ],
      },
    },
  ],
  [
    'change',
    {
      failing: { 'inspect-change': 'not-found.data' },
      ...tie,
      changes: [deploy('orders', 40)],
      matches: {
        'orders-r7': {
          score: 0.9,
          services: ['orders'],
          at: onsetAt - 40_000,
          because: 'It drops the check of totals.',
        },
      },
    },
  ],
];

describe('a model makes a difference', () => {
  test.each(worlds)(
    'by a question to the %s specialist, where the embedded policies stay inconclusive',
    async (role, world) => {
      const alone = await investigate(world);
      expect(alone.report.verdict).toBe('inconclusive');
      const { report, observations } = await investigate(world, {
        model: localModel(gemini.url, 'competent'),
      });
      expect(report).toMatchObject({ verdict: 'cause-found', causes: [{ entity: orders }] });
      expect(observations).toContainEqual(
        expect.objectContaining({ role, call: expect.objectContaining({ by: 'model' }) }),
      );
      for (const model of ['mediocre', 'hijacked', 'broken-wrong-json', 'broken-endless-loop']) {
        const worse = await investigate(world, { model: localModel(gemini.url, model) });
        const { verdict, causes } = worse.report;
        if (verdict === 'cause-found') expect(causes).toMatchObject([{ entity: orders }]);
        else expect(verdict).toBe('inconclusive');
      }
    },
    60_000,
  );
});
