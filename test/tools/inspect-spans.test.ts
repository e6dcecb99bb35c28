import { expect, test } from '@jest/globals';
import type { OperationFact } from '../../core/analysis/traces/trace-facts.ts';
import { worstRequest } from '../../tools/traces/inspect-spans.ts';
import { leastCpuMs } from '../support/cpu-ms.ts';

const split = {
  baseline: [{ startAt: 0, endAt: 1_000_000 }],
  after: [{ startAt: 1_000_000, endAt: 2_000_000 }],
};

const fact = (startAt: number, durationMs: number, operation: string): OperationFact => ({
  traceId: `t${startAt}`,
  service: 'shop',
  operation,
  startAt,
  durationMs,
  selfMs: durationMs,
  isRoot: true,
  origin: null,
  givenUp: null,
  steps: [],
});

/** As many operations as there are requests on a side, as where names of spans hold ids. */
const requests = (count: number): readonly OperationFact[] =>
  Array.from({ length: count }, (_unused, index) => [
    fact(index, 10, `GET /orders/${index}`),
    fact(1_000_000 + index, 11, `GET /orders/${index}`),
  ]).flat();

test('worstRequest is the one furthest beyond what its operation took before', () => {
  const slow = fact(1_500_000, 400, 'GET /report');
  const facts = [fact(5, 390, 'GET /report'), slow, ...requests(10), fact(1_600_000, 60, 'GET /x')];
  const short = [...facts, fact(7, 4, 'GET /orders/3'), fact(1_700_000, 90, 'GET /orders/3')];
  expect(worstRequest(short, split, undefined)?.operation).toBe('GET /x');
  expect(worstRequest(facts.slice(0, -1), split, undefined)?.startAt).toBeLessThan(1_000_010);
});

test('worstRequest takes time that grows with the requests, however many operations they are', () => {
  const leastMs = (count: number): number => {
    const facts = requests(count);
    return leastCpuMs(() => worstRequest(facts, split, undefined));
  };
  leastMs(1_000);
  expect(leastMs(16_000) / leastMs(2_000)).toBeLessThan(24);
});
