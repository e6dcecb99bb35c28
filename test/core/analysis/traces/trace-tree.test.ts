import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { criticalPath } from '../../../../core/analysis/traces/critical-path.ts';
import { buildTrace } from '../../../../core/analysis/traces/trace-tree.ts';
import { unionLength } from '../../../../core/analysis/traces/union-length.ts';
import { waterfallOf } from '../../../../core/analysis/traces/waterfall.ts';
import { anySpans, span } from './spans.ts';

describe('buildTrace', () => {
  test('links spans in any order, and makes a root of one whose parent is missing', () => {
    const { roots, nodes } = buildTrace([
      span({ spanId: 'c', parentSpanId: 'b', startAt: 2 }),
      span({ spanId: 'lost', parentSpanId: 'nobody', startAt: 4 }),
      span({ spanId: 'a', startAt: 0 }),
      span({ spanId: 'b', parentSpanId: 'a', startAt: 1 }),
    ]);
    expect(nodes.map((node) => node.span.spanId)).toEqual(['a', 'b', 'c', 'lost']);
    expect(roots.map((node) => node.span.spanId)).toEqual(['a', 'lost']);
    expect(roots[0]?.children[0]?.children[0]?.span.spanId).toBe('c');
  });

  test('cuts a circle of parents once, and a span that is its own parent', () => {
    const circle = buildTrace([
      span({ spanId: 'a', parentSpanId: 'c', startAt: 0 }),
      span({ spanId: 'b', parentSpanId: 'a', startAt: 1 }),
      span({ spanId: 'c', parentSpanId: 'b', startAt: 2 }),
      span({ spanId: 'own', parentSpanId: 'own', startAt: 3 }),
    ]);
    expect(circle.roots.map((node) => node.span.spanId)).toEqual(['a', 'own']);
    expect(circle.nodes).toHaveLength(4);
  });

  test('moves a child of another service whose clock is off to the middle of its parent, with all below it', () => {
    const { nodes } = buildTrace([
      span({ spanId: 'a', service: 'one', startAt: 1_000, durationMs: 100 }),
      span({
        spanId: 'b',
        parentSpanId: 'a',
        service: 'two',
        startAt: 3_601_000,
        durationMs: 40,
      }),
      span({ spanId: 'c', parentSpanId: 'b', service: 'two', startAt: 3_601_010, durationMs: 5 }),
    ]);
    const at = new Map(nodes.map((node) => [node.span.spanId, node.startAt]));
    expect([at.get('a'), at.get('b'), at.get('c')]).toEqual([1_000, 1_030, 1_040]);
  });

  test('leaves a callee that outlasts its caller where it is', () => {
    const { nodes } = buildTrace([
      span({ spanId: 'a', service: 'one', startAt: 0, durationMs: 50 }),
      span({ spanId: 'b', parentSpanId: 'a', service: 'two', startAt: 2, durationMs: 90 }),
    ]);
    expect(nodes[1]).toMatchObject({ startAt: 2, endAt: 92 });
  });

  test('leaves out spans at no instant of the calendar, whose arithmetic would overflow', () => {
    const { nodes } = buildTrace([
      span({ spanId: 'a', service: 'one', startAt: -9.9e291, durationMs: 0 }),
      span({ spanId: 'b', parentSpanId: 'a', service: 'two', startAt: Number.MAX_VALUE }),
      span({ spanId: 'c', parentSpanId: 'b', service: 'one', startAt: 5, durationMs: 1 }),
      span({ spanId: 'd', startAt: 6, durationMs: Number.POSITIVE_INFINITY }),
    ]);
    expect(nodes.map((node) => [node.span.spanId, node.startAt, node.endAt])).toEqual([
      ['c', 5, 6],
    ]);
  });

  test('takes a chain as long as it comes', () => {
    const chain = Array.from({ length: 50_000 }, (_unused, index) =>
      span({ spanId: `s${index}`, parentSpanId: index === 0 ? null : `s${index - 1}` }),
    );
    expect(buildTrace(chain).roots).toHaveLength(1);
  });

  test('gives a forest of all usable spans for any input, whatever its order', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const { roots, nodes } = buildTrace(spans);
        let reached = 0;
        const pending = [...roots];
        for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
          reached += 1;
          expect(node.endAt).toBeGreaterThanOrEqual(node.startAt);
          pending.push(...node.children);
        }
        expect(reached).toBe(nodes.length);
      }),
    );
  });
});

describe('unionLength', () => {
  test('counts overlaps once and nothing outside the bounds', () => {
    const intervals = [
      { startAt: 10, endAt: 30 },
      { startAt: 20, endAt: 40 },
      { startAt: 60, endAt: 200 },
      { startAt: -50, endAt: 5 },
    ];
    // 0 to 5, 10 to 40, 60 to 100.
    expect(unionLength(intervals, { startAt: 0, endAt: 100 })).toBe(75);
  });

  test('lies between nothing and the bounds, in any order', () => {
    const interval = fc.record({ startAt: fc.integer(), endAt: fc.integer() });
    fc.assert(
      fc.property(fc.array(interval), (intervals) => {
        const bounds = { startAt: 0, endAt: 1_000 };
        const length = unionLength(intervals, bounds);
        expect(length).toBeGreaterThanOrEqual(0);
        expect(length).toBeLessThanOrEqual(1_000);
        expect(unionLength(intervals.toReversed(), bounds)).toBe(length);
      }),
    );
  });
});

describe('criticalPath', () => {
  test('walks back through the child that finished last, as drawn by hand', () => {
    // Root 0 to 100; A 10 to 40, B 30 to 70 (which overlaps A), C 75 to 95 with D 80 to 90 in it.
    const { roots } = buildTrace([
      span({ spanId: 'root', startAt: 0, durationMs: 100 }),
      span({ spanId: 'A', parentSpanId: 'root', startAt: 10, durationMs: 30 }),
      span({ spanId: 'B', parentSpanId: 'root', startAt: 30, durationMs: 40 }),
      span({ spanId: 'C', parentSpanId: 'root', startAt: 75, durationMs: 20 }),
      span({ spanId: 'D', parentSpanId: 'C', startAt: 80, durationMs: 10 }),
    ]);
    const [root] = roots;
    const path = root === undefined ? [] : criticalPath(root);
    expect(path.map(({ node, startAt, endAt }) => [node.span.spanId, startAt, endAt])).toEqual([
      ['root', 0, 30],
      ['B', 30, 70],
      ['root', 70, 75],
      ['C', 75, 80],
      ['D', 80, 90],
      ['C', 90, 95],
      ['root', 95, 100],
    ]);
  });

  test('covers every root exactly, without overlap, for any input', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        for (const root of buildTrace(spans).roots) {
          let reachedAt = root.startAt;
          for (const { startAt, endAt } of criticalPath(root)) {
            expect(startAt).toBe(reachedAt);
            reachedAt = endAt;
          }
          expect(reachedAt).toBe(root.endAt);
        }
      }),
    );
  });
});

describe('waterfallOf', () => {
  test('puts parents before children with their depth, and shares the root among the critical spans', () => {
    const rows = waterfallOf([
      span({ spanId: 'b', parentSpanId: 'a', startAt: 5, durationMs: 90, status: 'error' }),
      span({ spanId: 'a', startAt: 0, durationMs: 100 }),
      span({ spanId: 'c', parentSpanId: 'b', startAt: 10, durationMs: 20 }),
    ]);
    expect(rows.map((row) => [row.span.spanId, row.depth, row.criticalMs])).toEqual([
      ['a', 0, 10],
      ['b', 1, 70],
      ['c', 2, 20],
    ]);
    expect(rows[1]?.hasFailed).toBe(true);
  });
});
