import type { Series } from '../../core/ports/telemetry.ts';
import { createRandom, normal } from '../../test/core/analysis/random.ts';

/** A day by the minute. */
export const pointCount = 1_440;
export const everyMs = 60_000;
const metricsOfService = 100;
/** From here on one series in twenty is otherwise: the last hour. */
const shiftFrom = pointCount - 60;

interface Shape {
  readonly head: Pick<Series, 'metric' | 'statistic' | 'unit' | 'kind'>;
  /** The next sample, of what came before and the time of the day in turns. */
  readonly next: (before: number, turn: number, random: () => number) => number;
  /** What a fault adds to a sample. */
  readonly fault: number;
}

const daily = (turn: number): number => Math.sin(2 * Math.PI * turn);

/** What services report: utilisations, sizes, running totals, quantiles and counts of histograms, and a ratio that is nearly always 0. */
const shapes: readonly Shape[] = [
  {
    head: { metric: 'process.cpu.utilization', statistic: null, unit: '1', kind: 'gauge' },
    next: (_before, turn, random) => 0.3 + 0.1 * daily(turn) + 0.02 * normal(random),
    fault: 0.5,
  },
  {
    head: { metric: 'process.memory.usage', statistic: null, unit: 'By', kind: 'gauge' },
    next: (_before, _turn, random) => 4e8 + 1e6 * normal(random),
    fault: 2e8,
  },
  {
    head: { metric: 'http_requests_total', statistic: null, unit: null, kind: 'counter' },
    next: (before, turn, random) =>
      before + Math.round(600 * (1.5 + daily(turn)) + 10 * normal(random)),
    fault: 0,
  },
  {
    head: {
      metric: 'http.server.request.duration',
      statistic: 'p90',
      unit: 's',
      kind: 'histogram',
    },
    next: (_before, _turn, random) => 0.08 * Math.exp(0.2 * normal(random)),
    fault: 0.5,
  },
  {
    head: {
      metric: 'http.server.request.duration',
      statistic: 'count',
      unit: '1',
      kind: 'histogram',
    },
    next: (_before, turn, random) =>
      Math.max(0, Math.round(600 * (1.5 + daily(turn)) + 10 * normal(random))),
    fault: 900,
  },
  {
    head: { metric: 'error_ratio', statistic: null, unit: '1', kind: 'gauge' },
    next: (_before, _turn, random) => (random() < 0.001 ? 0.01 : 0),
    fault: 0.2,
  },
];

/** Series of services as a day of a large system leaves them, the same for the same number; one in twenty shifts in the last hour. */
export function makeSeries(count: number): readonly Series[] {
  const random = createRandom(count);
  return Array.from({ length: count }, (_unused, place) => {
    const shape = shapes[place % shapes.length];
    if (shape === undefined) throw new Error('there are no shapes');
    const isFaulty = place % 20 === 0;
    const atMs: number[] = [];
    const values: number[] = [];
    let level = 0;
    for (let index = 0; index < pointCount; index += 1) {
      level = shape.next(level, index / pointCount, random);
      atMs.push(index * everyMs);
      values.push(isFaulty && index >= shiftFrom ? level + shape.fault : level);
    }
    return {
      ...shape.head,
      service: `service-${Math.floor(place / metricsOfService)}`,
      instance: null,
      peer: null,
      attributes: { route: `/route-${Math.floor(place / shapes.length) % 17}` },
      atMs,
      values,
    };
  });
}
