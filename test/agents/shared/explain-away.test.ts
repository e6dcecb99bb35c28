import { describe, expect, test } from '@jest/globals';
import { explainAway } from '../../../agents/shared/explain-away.ts';
import type { Fact } from '../../../agents/shared/facts.ts';
import { createPicture } from '../../../agents/shared/picture.ts';
import type { Picture } from '../../../agents/shared/picture.ts';
import type { Brief } from '../../../core/schemas/brief.ts';
import type { Aspect } from '../../../core/schemas/digest.ts';
import type { Entity } from '../../../core/schemas/primitives.ts';

const service = (name: string): Entity => ({ kind: 'service', name });
const [site, search, balancer] = [
  service('site'),
  service('search'),
  service('search.eu-1.elb.amazonaws.com'),
];

/** What was measured of an entity; durations in milliseconds from 100 on, failed shares from 0 on. */
function fact(entity: Entity, aspect: Aspect, after: number, score: number): Fact {
  const isTime = aspect === 'duration';
  return {
    entity,
    aspect,
    name: 'all operations',
    direction: 'up',
    before: isTime ? 100 : 0,
    after,
    unit: isTime ? 'ms' : '1',
    score,
    support: 100,
    evidenceIds: ['ev-1'],
    tool: 'scan-metrics',
    voice: 'metrics',
  };
}

function pictureOf(symptom: string | undefined, all: readonly Fact[]): Picture {
  const brief: Brief = {
    investigationId: 'inv-1',
    question: null,
    alert: {
      title: 'Users complain',
      severity: 'error',
      labels: {},
      entity: site,
      ...(symptom && { symptom }),
    },
    window: { startAt: 0, endAt: 1_000 },
    suspected: { earliestAt: 500, latestAt: 500 },
    symptomatic: true,
    entity: site,
    services: [],
    coverage: [{ kind: 'metrics', rows: 9, services: ['site', 'search', balancer.name] }],
    opsServices: [],
  };
  const dependencies = [search, balancer].map((to) => ({
    from: site,
    to,
    calls: 9,
    evidenceIds: [],
  }));
  return createPicture(brief, { all, dependencies, changes: [] });
}

const endsOf = (picture: Picture): readonly string[] =>
  explainAway(picture).ends.map(({ name }) => name);

describe('the walk from what hurts', () => {
  const slow = [fact(site, 'duration', 160, 1.8), fact(search, 'duration', 180, 2.2)];

  test('follows what is out at all where an alert says what hurts, and only that', () => {
    expect(endsOf(pictureOf('latency', slow))).toEqual(['search']);
    expect(endsOf(pictureOf('availability', slow))).toEqual([]);
    expect(endsOf(pictureOf(undefined, slow))).toEqual([]);
  });

  test('looks behind a load balancer, and stays at one behind which nothing shows', () => {
    const seen = fact(balancer, 'duration', 190, 9);
    expect(endsOf(pictureOf('latency', [...slow, seen]))).toEqual(['search']);
    const [felt] = slow;
    expect(endsOf(pictureOf('latency', [felt as Fact, seen]))).toEqual([balancer.name]);
  });

  test('does not take a callee for the reason that the bursts of a caller at its limit make slower', () => {
    const atItsLimit = [
      fact(site, 'cpu', 0.9, 12),
      { ...fact(site, 'event-loop', 280, 16), unit: 'ms', before: 10 },
    ];
    const endsWith = (searchMs: number, more: readonly Fact[]): readonly string[] =>
      endsOf(
        pictureOf(undefined, [
          fact(site, 'duration', 700, 30),
          fact(search, 'duration', searchMs, 20),
          ...more,
        ]),
      );
    expect(endsWith(300, atItsLimit)).toEqual(['site']);
    expect(endsWith(400, atItsLimit)).toEqual(['search', 'site']);
    expect(endsWith(300, atItsLimit.slice(1))).toEqual(['search', 'site']);
    expect(endsWith(300, [])).toEqual(['search']);
  });

  test('compares means with means, and the tails of either where few of its calls are slow', () => {
    const named = (name: string, one: Fact): Fact => ({ ...one, name: `latency ${name}` });
    const felt = [
      named('avg', fact(site, 'duration', 140, 3)),
      named('p95', fact(site, 'duration', 300, 4)),
    ];
    // A tenth of the mean, and all of it in the slowest call of a hundred.
    const mean = named('avg', fact(search, 'duration', 104, 3));
    const tail = named('p99', fact(search, 'duration', 600, 5));
    expect(endsOf(pictureOf('latency', [...felt, mean, tail]))).toEqual(['search']);
    expect(endsOf(pictureOf('latency', [...felt, mean]))).toEqual(['site']);
    const [meanFelt] = felt;
    expect(endsOf(pictureOf('latency', [meanFelt as Fact, mean, tail]))).toEqual(['site']);
  });

  test('does not take slowness for the reason of failing', () => {
    const failing = [fact(site, 'error-ratio', 0.1, 4), fact(search, 'duration', 400, 8)];
    expect(endsOf(pictureOf('availability', failing))).toEqual(['site']);
    const long = [failing[0] as Fact, fact(search, 'duration', 5_000, 8)];
    expect(endsOf(pictureOf('availability', long))).toEqual(['search']);
  });
});
