import { describe, expect, test } from '@jest/globals';
import { planSecondLook } from '../../../agents/orchestrator/look-again.ts';
import type { Brief } from '../../../core/schemas/brief.ts';
import { front, onsetAt, window } from '../support/world.ts';

const kinds = ['metrics', 'traces', 'logs', 'changes'] as const;
type Rows = Partial<Record<(typeof kinds)[number], number>>;

function briefOf(rows: Rows, over: Partial<Brief> = {}): Brief {
  return {
    investigationId: 'inv-test-0001',
    question: null,
    alert: { title: 'It hurts', severity: 'error', labels: {} },
    window,
    suspected: { earliestAt: onsetAt - 1_000, latestAt: onsetAt },
    symptomatic: true,
    entity: front,
    services: ['front'],
    coverage: kinds.map((kind) => ({ kind, rows: rows[kind] ?? 10, services: [] })),
    opsServices: [],
    ...over,
  };
}

const asked = (before: Brief, now: Brief): readonly string[] =>
  planSecondLook(before, now).assignments.map(({ role }) => role);

describe('the second look', () => {
  test('asks those again whose telemetry has grown, and says so', () => {
    const before = briefOf({});
    expect(asked(before, briefOf({ traces: 12, logs: 11 }))).toEqual(['trace', 'log']);
    const [first] = planSecondLook(before, briefOf({ traces: 12 })).assignments;
    expect(first?.question).toMatch(/^Again, with what has arrived since: Where below/);
  });

  test('asks nobody when nothing has arrived', () => {
    expect(asked(briefOf({}), briefOf({}))).toEqual([]);
  });

  test('asks everybody when it began at another time than was thought', () => {
    const suspected = { earliestAt: onsetAt - 9_000, latestAt: onsetAt - 8_000 };
    const everybody = ['aggregation', 'trace', 'log', 'change'];
    expect(asked(briefOf({}), briefOf({}, { suspected }))).toEqual(everybody);
    expect(asked(briefOf({}, { symptomatic: false }), briefOf({}))).toEqual(everybody);
  });

  test('asks who had nothing to read at first', () => {
    expect(asked(briefOf({ logs: 0 }), briefOf({ logs: 5 }))).toEqual(['log']);
  });
});
