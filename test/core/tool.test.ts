import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { briefSize, fitDigest, keptSize, refitDigest, utf8Length } from '../../core/fit-digest.ts';
import { observationOf } from '../../core/observation.ts';
import { digestSchema, maxDigestBytes, observationSchema } from '../../core/schemas/digest.ts';
import type { Aspect, Observation } from '../../core/schemas/digest.ts';

const observation = (aspect: Aspect, score: number, name = 'POST /orders'): Observation => ({
  entity: { kind: 'service', name: 'checkout' },
  aspect,
  name,
  direction: 'up',
  before: 0.001234,
  after: 0.9876,
  unit: '1',
  score,
  support: 480,
  onset: { earliestAt: 1_795_000_000_000, latestAt: 1_795_000_000_500 },
});
const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

describe('utf8Length', () => {
  test('counts what an encoder writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
  });
});

describe('fitDigest', () => {
  test('sorts by score and leaves a digest that fits as it is', () => {
    const digest = fitDigest(
      'scan',
      { observations: [observation('cpu', 4), observation('memory', 9)] },
      briefSize,
    );
    expect(digest.observations.map(({ score }) => score)).toEqual([9, 4]);
    expect(digest.truncated).toBeUndefined();
    expect(digestSchema.parse(digest)).toEqual(digest);
  });

  test('sheds what is not clearly out first, then the weakest of the commonest aspect, and says so', () => {
    const slow = Array.from({ length: 20 }, (_unused, index) =>
      observation('duration', 50 - index),
    );
    const draft = {
      observations: [...slow, observation('cpu', 5), observation('memory', 2)],
      truncated: 'read half of the rows',
    };
    const digest = fitDigest('scan', draft, briefSize);
    const kept = digest.observations.map(({ aspect, score }) => `${aspect} ${score}`);
    expect(kept).toContain('cpu 5');
    expect(kept).not.toContain('memory 2');
    expect(kept[0]).toBe('duration 50');
    expect(bytesOf(digest)).toBeLessThanOrEqual(maxDigestBytes);
    expect(digest.truncated).toMatch(/^read half of the rows; left out: \d+ of 22 observations$/);
    const whole = fitDigest('scan', draft, keptSize);
    expect(whole.observations).toHaveLength(22);
    expect(whole.truncated).toBe('read half of the rows');
    expect(refitDigest(whole, briefSize).observations).toEqual(digest.observations);
  });

  test('keeps coverage, and sheds its lists of services when nothing else is left', () => {
    const services = Array.from(
      { length: 30 },
      (_unused, index) => `a-rather-long-service-${index}`,
    );
    const coverage = ['metrics', 'logs', 'traces'].map((kind) => ({ kind, rows: 9, services }));
    const digest = fitDigest('check', { coverage }, briefSize);
    expect(digest.coverage.map(({ kind }) => kind)).toEqual(['metrics', 'logs', 'traces']);
    expect(bytesOf(digest)).toBeLessThanOrEqual(maxDigestBytes);
    expect(digest.truncated).toMatch(/names of services$/);
  });

  test('brings any draft within its bounds', () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 60 });
    const entity = fc.record({
      kind: fc.constantFrom('service' as const, 'database' as const),
      name: fc.string({ minLength: 1, maxLength: 60 }),
    });
    const draft = fc.record({
      observations: fc.array(
        fc
          .tuple(fc.constantFrom<Aspect>('cpu', 'duration', 'log-new'), fc.nat(99), name)
          .map(([aspect, score, text]) => observation(aspect, score, text)),
        { maxLength: 40 },
      ),
      dependencies: fc.array(fc.record({ from: entity, to: entity, calls: fc.nat() }), {
        maxLength: 40,
      }),
      notes: fc.array(fc.string({ unit: 'grapheme', maxLength: 400 }), { maxLength: 12 }),
    });
    fc.assert(
      fc.property(draft, (parts) => {
        const digest = fitDigest('any', parts, briefSize);
        expect(digestSchema.parse(digest)).toEqual(digest);
        expect(bytesOf(digest)).toBeLessThanOrEqual(maxDigestBytes);
      }),
    );
  });
});

describe('observationOf', () => {
  test('rounds numbers and instants, and cuts what is too long', () => {
    const made = observationOf({
      entity: { kind: 'service', name: 'checkout' },
      peer: null,
      aspect: 'duration',
      name: 'x'.repeat(500),
      unit: 'ms',
      shift: { direction: 'up', before: 12.34567, after: 123_456.7, score: 7.1299, support: 9.6 },
      onset: { earliestAt: 10.7, latestAt: 11.2 },
    });
    expect(made).toMatchObject({
      before: 12.35,
      after: 123_500,
      score: 7.13,
      support: 10,
      onset: { earliestAt: 10, latestAt: 12 },
    });
    expect(made.name).toHaveLength(120);
  });

  test('is valid for any shift', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), fc.double(), fc.double(), (before, after, score, n) => {
        const shift = { direction: 'down' as const, before, after, score, support: n };
        const entity = { kind: 'service' as const, name: 's' };
        observationSchema.parse(
          observationOf({ entity, aspect: 'cpu', name: 'n', unit: 'u', shift }),
        );
      }),
    );
  });
});
