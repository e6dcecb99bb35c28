import { describe, expect, test } from '@jest/globals';
import { planInvestigation } from '../../../agents/orchestrator/plan.ts';
import { proposeAction } from '../../../agents/orchestrator/propose-action.ts';
import { scopeBrief } from '../../../agents/orchestrator/scope.ts';
import type { ScopeInput } from '../../../agents/orchestrator/scope.ts';
import { digestSchema } from '../../../core/schemas/digest.ts';
import type { Coverage, Observation } from '../../../core/schemas/digest.ts';
import { planSchema } from '../../../core/schemas/plan.ts';
import type { Report } from '../../../core/schemas/report.ts';
import type { Observed } from '../../../core/schemas/tool-call.ts';
import { bank, dated, front, onsetAt, orders, startAt, window } from '../support/world.ts';

const answered = (tool: string, digest: object): Observed => ({
  ok: true,
  tool,
  evidenceIds: [],
  digest: digestSchema.parse({ tool, ...digest }),
});
const covered = (...coverage: Partial<Coverage>[]): Observed =>
  answered('check-coverage', { coverage: coverage.map((one) => ({ rows: 10, ...one })) });
const felt = (...observations: Observation[]): Observed => answered('find-onset', { observations });

function scope(observed: readonly Observed[], over: Partial<ScopeInput> = {}) {
  return scopeBrief({
    investigationId: 'inv-test-0001',
    question: null,
    alert: {
      title: 'It hurts',
      severity: 'error',
      labels: {},
      startedAt: new Date(onsetAt + 20_000).toISOString(),
    },
    window,
    observed,
    opsServices: [],
    ...over,
  });
}

describe('scope', () => {
  test('suspects the onset of what users felt most clearly', () => {
    const clear = dated({ entity: front, aspect: 'duration', score: 9 });
    const vague = {
      ...dated({ entity: front, aspect: 'error-ratio', score: 3.5 }),
      onset: { earliestAt: startAt, latestAt: startAt },
    };
    const brief = scope([felt(vague, clear), covered()]);
    expect(brief).toMatchObject({ symptomatic: true, suspected: clear.onset, entity: front });
  });

  test('believes the alerting entity before others, and failing before traffic', () => {
    const traffic = dated({ entity: orders, aspect: 'traffic', score: 30 });
    const errors = {
      ...dated({ entity: orders, aspect: 'error-ratio', score: 5 }),
      onset: { earliestAt: 1, latestAt: 2 },
    };
    const other = dated({ entity: front, aspect: 'error-ratio', score: 40 });
    const alert = { title: 'It hurts', severity: 'error' as const, labels: {}, entity: orders };
    const brief = scope([felt(other, traffic, errors)], {
      alert,
      window: { startAt: 0, endAt: 10 },
    });
    expect(brief).toMatchObject({ entity: orders, suspected: errors.onset });
  });

  test('takes more requests for a time to look at, and only fewer for harm', () => {
    const more = dated({ entity: orders, aspect: 'traffic', before: 3, after: 5, score: 9 });
    const fewer = { ...more, before: 5, after: 3, direction: 'down' as const };
    expect(scope([felt(more), covered()])).toMatchObject({
      symptomatic: false,
      suspected: more.onset,
      entity: orders,
    });
    expect(scope([felt(fewer), covered()]).symptomatic).toBe(true);
    const slow = dated({ entity: front, aspect: 'duration', score: 4 });
    expect(scope([felt(more, slow), covered()]).symptomatic).toBe(true);
  });

  test('does not believe a shift that begins with the window: there is no usual to shift from', () => {
    const early = {
      ...dated({ entity: front, aspect: 'duration', score: 12 }),
      onset: { earliestAt: startAt, latestAt: startAt + 1_000 },
    };
    expect(scope([felt(early), covered()]).symptomatic).toBe(false);
  });

  test('has only the time of the alert to suspect when nothing supports it', () => {
    const brief = scope([felt(), covered()]);
    expect(brief).toMatchObject({
      symptomatic: false,
      suspected: { earliestAt: onsetAt - 10_000, latestAt: onsetAt + 20_000 },
      entity: null,
    });
  });

  test('suspects a time inside the window, whatever the alert says', () => {
    const alert = {
      title: 'It hurts',
      severity: 'error' as const,
      labels: {},
      startedAt: '2031-01-01T00:00:00Z',
    };
    const { suspected } = scope([], { alert });
    expect(suspected).toEqual({ earliestAt: window.endAt, latestAt: window.endAt });
  });

  test('takes the onset that a case knows', () => {
    const brief = scope([felt(dated({ entity: front, aspect: 'duration' }))], {
      knownOnsetAt: onsetAt - 5_000,
    });
    expect(brief.suspected).toEqual({ earliestAt: onsetAt - 5_000, latestAt: onsetAt - 5_000 });
  });

  test('lists the services that any telemetry names', () => {
    const brief = scope([
      covered({ kind: 'logs', services: ['b', 'a'] }, { kind: 'traces', services: ['c', 'a'] }),
    ]);
    expect(brief.services).toEqual(['a', 'b', 'c']);
  });
});

describe('the plan', () => {
  test('starts every specialist whose telemetry is there, with its cheap first calls', () => {
    const all = ['metrics', 'traces', 'logs', 'changes'].map((kind) => ({ kind }));
    const plan = planSchema.parse(planInvestigation(scope([covered(...all)])));
    expect(
      plan.assignments.map(({ role, calls }) => [role, ...calls.map(({ tool }) => tool)]),
    ).toEqual([
      ['aggregation', 'scan-metrics'],
      ['trace', 'compare-traces'],
      ['log', 'cluster-logs'],
      ['change', 'list-changes'],
    ]);
    expect(plan.gaps).toEqual([]);
  });

  test('leaves a specialist out whose telemetry is absent or empty, and says so', () => {
    const plan = planInvestigation(
      scope([covered({ kind: 'metrics' }, { kind: 'logs', rows: 0 })]),
    );
    expect(plan.assignments.map(({ role }) => role)).toEqual(['aggregation']);
    expect(plan.gaps.map(({ signal }) => signal)).toEqual(['traces', 'logs', 'changes']);
  });

  test('starts a specialist whose telemetry has a problem, and states the problem', () => {
    const plan = planInvestigation(
      scope([covered({ kind: 'logs', problem: 'ends already at 09:02' })]),
    );
    expect(plan.assignments.map(({ role }) => role)).toEqual(['log']);
    expect(plan.gaps).toContainEqual({ signal: 'logs', reason: 'ends already at 09:02' });
  });

  test('has somebody fetch the runbooks, be they all that there is', () => {
    const { assignments } = planInvestigation(scope([covered({ kind: 'runbooks' })]));
    expect(assignments.map(({ role, calls }) => [role, ...calls.map(({ tool }) => tool)])).toEqual([
      ['change', 'list-changes', 'find-runbooks'],
    ]);
  });

  test('starts everyone when nobody could find out what is there', () => {
    const failed: Observed = {
      ok: false,
      tool: 'check-coverage',
      code: 'timeout.backend',
      message: 'too slow',
    };
    const plan = planInvestigation(scope([failed]));
    expect(plan.assignments).toHaveLength(4);
    expect(plan.gaps).toMatchObject([{ signal: 'coverage' }]);
  });
});

describe('the proposal', () => {
  const cause: Report['causes'][number] = {
    entity: orders,
    faultKind: 'bad-deploy',
    faultDetail: 'errors',
    mechanism: 'It broke with it.',
    changeId: 'orders-r7',
    since: null,
    confidence: 0.9,
    evidenceIds: ['ev-000000000000000a'],
  };
  const report = { verdict: 'cause-found' as const, causes: [cause] };

  test('is a rollback of the service that a deploy broke, if the registry can reach it', () => {
    expect(proposeAction(report, { opsServices: ['front', 'orders'] })).toMatchObject({
      tool: 'call-ops',
      service: 'orders',
      path: '/ops/rollback',
      target: orders,
      changeId: 'orders-r7',
      evidenceIds: cause.evidenceIds,
    });
  });

  test.each([
    ['the registry does not know the service', report, ['front']],
    [
      'no deploy did it',
      { ...report, causes: [{ ...cause, faultKind: 'bad-config' as const }] },
      ['orders'],
    ],
    ['the cause is not a service', { ...report, causes: [{ ...cause, entity: bank }] }, ['bank']],
    ['there is no cause', { verdict: 'inconclusive' as const, causes: [] }, ['orders']],
  ])('is not made when %s', (_why, given, opsServices) => {
    expect(proposeAction(given, { opsServices })).toBeNull();
  });
});
