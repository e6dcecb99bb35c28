import { describe, expect, test } from '@jest/globals';
import { seriesShift } from '../../../core/analysis/metrics/series-shift.ts';
import { requestCounts } from '../../../core/analysis/metrics/request-counts.ts';
import { outcomeOnset } from '../../../core/analysis/onset/outcome-onset.ts';
import { callGraph } from '../../../core/analysis/traces/call-graph.ts';
import { criticalPath } from '../../../core/analysis/traces/critical-path.ts';
import { factsOf } from '../../../core/analysis/traces/trace-facts.ts';
import { buildTrace } from '../../../core/analysis/traces/trace-tree.ts';
import type { Span } from '../../../core/ports/telemetry.ts';
import { series } from './metrics/series.ts';
import { createRandom, normal } from './random.ts';
import { span } from './traces/spans.ts';
import { leastCpuMs } from '../../support/cpu-ms.ts';

const few = 1_500;
const times = 8;
/** Eight times as much may take so many times as long: twice what linear would, where a square would be 64. Room is left for a busy machine. */
const atMost = 24;

function noise(count: number, step: number): readonly number[] {
  const random = createRandom(count);
  return Array.from(
    { length: count },
    (_unused, index) => (index > count * 0.6 ? step : 0) + normal(random),
  );
}

const splitOf = (count: number) => ({
  baseline: [{ startAt: 0, endAt: count * 3_000 }],
  after: [{ startAt: count * 3_000, endAt: count * 5_000 }],
});

const readAll = (spans: readonly Span[]): void => {
  const { nodes, roots } = buildTrace(spans);
  callGraph(factsOf(nodes, new Set(['even', 'odd'])).calls);
  for (const root of roots) criticalPath(root);
};
const spansOf = (count: number, parentOf: (index: number) => number | null): readonly Span[] =>
  Array.from({ length: count }, (_unused, index) => {
    const parent = parentOf(index);
    return span({
      spanId: `s${index}`,
      parentSpanId: parent === null ? null : `s${parent}`,
      service: index % 4 < 2 ? 'even' : 'odd',
      kind: index % 2 === 0 ? 'server' : 'client',
      startAt: index,
      durationMs: count - index / 2,
    });
  });

/** Each makes its input of a size, and then does the work. */
const works: Readonly<Record<string, (count: number) => () => void>> = {
  'comparing and dating a series': (count) => {
    const one = series({ metric: 'x' }, noise(count, 9));
    return () => seriesShift(one, splitOf(count));
  },
  'adding up requests': (count) => {
    const one = series({ metric: 'requests', statistic: 'count' }, noise(count, 9));
    return () => requestCounts([one, { ...one, attributes: { outcome: 'bad' } }]);
  },
  'dating outcomes': (count) => {
    const outcomes = noise(count, 9).map((value, at) => ({ at, isHit: value > 5 }));
    return () => outcomeOnset(outcomes);
  },
  'a trace that is one chain': (count) => {
    const spans = spansOf(count, (index) => (index === 0 ? null : index - 1));
    return () => readAll(spans);
  },
  'a trace of one parent': (count) => {
    const spans = spansOf(count, (index) => (index === 0 ? null : 0));
    return () => readAll(spans);
  },
  'a trace in a circle': (count) => {
    const spans = spansOf(count, (index) => (index + 1) % count);
    return () => readAll(spans);
  },
};

describe('eight times as much takes about eight times as long', () => {
  test.each(Object.entries(works))('%s', (_name, workOf) => {
    workOf(few)();
    expect(leastCpuMs(workOf(few * times)) / leastCpuMs(workOf(few))).toBeLessThan(atMost);
  });
});
