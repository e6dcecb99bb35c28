import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { inferKinds } from '../../../../core/analysis/traces/infer-kinds.ts';
import { anySpans, span } from './spans.ts';

const kindsOf = (spans: ReturnType<typeof inferKinds>): readonly string[] =>
  spans.map(({ spanId, kind }) => `${spanId} ${kind}`);

describe('inferKinds', () => {
  test('tells requests, calls and work of a tracer that recorded no kinds', () => {
    const unset = { kind: 'unset' as const };
    const spans = [
      span({ spanId: 'root', ...unset }),
      span({ spanId: 'call', parentSpanId: 'root', ...unset }),
      span({ spanId: 'served', parentSpanId: 'call', service: 'stock', ...unset }),
      span({ spanId: 'query', parentSpanId: 'served', service: 'stock', ...unset }),
    ];
    expect(kindsOf(inferKinds(spans))).toEqual([
      'root server',
      'call client',
      'served server',
      'query unset',
    ]);
  });

  test('takes work that calls more than once for work, and leaves what was recorded', () => {
    const spans = [
      span({ spanId: 'root', kind: 'internal' }),
      span({ spanId: 'work', parentSpanId: 'root', kind: 'unset' }),
      span({ spanId: 'one', parentSpanId: 'work', service: 'stock', kind: 'unset' }),
      span({ spanId: 'two', parentSpanId: 'work', service: 'price', kind: 'consumer' }),
    ];
    expect(kindsOf(inferKinds(spans))).toEqual([
      'root internal',
      'work unset',
      'one server',
      'two consumer',
    ]);
  });

  test('changes nothing but kinds, of any spans', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const plain = (all: ReturnType<typeof inferKinds>) =>
          all.map((one) => ({ ...one, kind: '' }));
        expect(plain(inferKinds(spans))).toEqual(plain(spans));
      }),
    );
  });
});
