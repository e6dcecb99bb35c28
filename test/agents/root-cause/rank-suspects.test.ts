import { describe, expect, test } from '@jest/globals';
import { rankSuspects } from '../../../agents/root-cause/rank-suspects.ts';
import { explainAway } from '../../../agents/shared/explain-away.ts';
import { collectFacts } from '../../../agents/shared/facts.ts';
import { createPicture } from '../../../agents/shared/picture.ts';
import type { Brief } from '../../../core/schemas/brief.ts';
import type { Observation } from '../../../core/schemas/digest.ts';
import type { Entity } from '../../../core/schemas/primitives.ts';
import { front, onsetAt, shift, window } from '../support/world.ts';

const service = (name: string): Entity => ({ kind: 'service', name });
const suspected = { earliestAt: onsetAt - 1_000, latestAt: onsetAt + 1_000 };

const briefOf = (symptom: string): Brief => ({
  ...{ investigationId: 'inv-1', question: null, window, suspected, symptomatic: false },
  alert: {
    ...{ title: `${symptom} of front`, severity: 'critical', entity: front, symptom },
    ...{ startedAt: new Date(onsetAt).toISOString(), labels: {} },
  },
  ...{ entity: front, services: [], coverage: [], opsServices: [] },
});

/** Each suspect's score, for an alert about `symptom` and without a call graph. */
function scoresOf(symptom: string, observations: readonly Observation[]): Map<string, number> {
  const digest = { tool: 'scan-metrics', observations: [...observations] };
  const empty = { coverage: [], changes: [], dependencies: [], exemplars: [], notes: [] };
  const facts = collectFacts([
    {
      ...{ role: 'aggregation', round: 1, call: { tool: 'scan-metrics', input: {}, because: '' } },
      observed: {
        ok: true,
        tool: 'scan-metrics',
        evidenceIds: ['ev-1'],
        digest: { ...empty, ...digest },
      },
    },
  ]);
  const picture = createPicture(briefOf(symptom), facts);
  const ranked = rankSuspects(picture, explainAway(picture));
  return new Map(ranked.map(({ entity, score }) => [entity.name, score]));
}

describe('rankSuspects', () => {
  const slow = (name: string): Observation => shift({ entity: service(name), aspect: 'duration' });
  const fails = (name: string): Observation =>
    shift({ entity: service(name), aspect: 'error-ratio' });

  test('what only passes requests on counts for a fifth of what stands beside it', () => {
    const scores = scoresOf('latency', [slow('stock'), slow('shop.elb.amazonaws.com')]);
    expect(scores.get('shop.elb.amazonaws.com')).toBeCloseTo((scores.get('stock') ?? 0) / 5);
  });

  test('of an alert about failures, what is only slow counts for less than half', () => {
    const failing = scoresOf('availability', [slow('stock'), fails('cart')]);
    const lagging = scoresOf('latency', [slow('stock'), fails('cart')]);
    expect(failing.get('stock')).toBeCloseTo(0.4 * (lagging.get('stock') ?? 0));
    expect(failing.get('cart')).toBe(lagging.get('cart'));
  });

  test('unless it is where users come in, and fails', () => {
    const also = [slow('front'), fails('front')];
    expect(scoresOf('availability', also)).toEqual(scoresOf('latency', also));
  });
});
