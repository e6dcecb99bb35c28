import { describe, expect, test } from '@jest/globals';
import type { GradableReport } from '../../../core/schemas/gradable-report.ts';
import { gradeReport } from '../../../core/score/grade-report.ts';
import { badDeploy, healthy, nothingKnown, quietReport, reportOf, service } from './samples.ts';

const cause = (changes: Partial<GradableReport['causes'][number]>): GradableReport['causes'] =>
  reportOf().causes.map((one) => ({ ...one, ...changes }));
const grade = (report: GradableReport, truth = badDeploy) =>
  gradeReport(report, truth, nothingKnown);

describe('gradeReport', () => {
  test('is right when verdict, entity, fault and change are', () => {
    expect(grade(reportOf())).toMatchObject({
      ...{ isRight: true, wrong: '', isEntityRight: true, isFaultRight: true, isChangeRight: true },
      ...{ hits: [1, 1, 1, 1, 1], place: 1 },
    });
  });

  test.each([
    ['verdict', quietReport(), 'the verdict should be cause-found'],
    [
      'entity',
      reportOf({ causes: cause({ entity: service('cart') }) }),
      'the cause should be service checkout',
    ],
    [
      'kind of entity',
      reportOf({ causes: cause({ entity: { kind: 'node', name: 'checkout' } }) }),
      'the cause should be service checkout',
    ],
    [
      'fault',
      reportOf({ causes: cause({ faultKind: 'crash' }) }),
      'the fault should be bad-deploy',
    ],
    ['change', reportOf({ causes: cause({ changeId: null }) }), 'the change should be r-119'],
  ])('says that the %s is wrong', (_, report, wrong) => {
    expect(grade(report)).toMatchObject({ isRight: false, wrong });
  });

  test('counts only the first cause, and only while the verdict stands by it', () => {
    const causes = [...cause({ entity: service('cart') }), ...reportOf().causes];
    expect(grade(reportOf({ causes })).isRight).toBe(false);
    expect(grade(reportOf({ verdict: 'inconclusive' }))).toMatchObject({
      ...{ isRight: false, cause: null, isEntityRight: false },
    });
  });

  test('asks for fault, change and kind only where the truth names them', () => {
    const vague = { ...badDeploy, entityKind: null, faultKind: null, changeId: null };
    const report = reportOf({
      causes: cause({ entity: { kind: 'node', name: 'checkout' }, faultKind: 'crash' }),
    });
    expect(grade(report, vague)).toMatchObject({
      ...{ isRight: true, isFaultRight: null, isChangeRight: null },
    });
  });

  test('of a healthy case is right when it is left alone', () => {
    expect(grade(quietReport(), healthy)).toMatchObject({
      isRight: true,
      hits: null,
      isEntityRight: null,
    });
    expect(grade(reportOf(), healthy).wrong).toBe('the verdict should be no-cause-found');
    expect(grade(quietReport({ verdict: 'inconclusive' }), healthy).isRight).toBe(false);
  });

  test('takes the candidates of the case, else counts what is ranked, else says that nobody knows', () => {
    const facts = { candidates: 40, telemetry: null };
    expect(gradeReport(reportOf(), badDeploy, facts).candidates).toBe(40);
    expect(grade(reportOf()).candidates).toBe(3);
    expect(grade(reportOf({ ranking: [] })).candidates).toBeNull();
  });

  test.each([
    ['2026-11-20T09:59:50Z', '2026-11-20T10:00:10Z', 0, 20],
    ['2026-11-20T10:00:05Z', '2026-11-20T10:00:10Z', 5, 5],
    ['2026-11-20T09:59:00Z', '2026-11-20T09:59:30Z', 30, 30],
  ])('an onset between %s and %s is %d s off', (earliest, latest, errorSeconds, widthSeconds) => {
    const onset = { earliest, latest };
    expect(grade(reportOf({ onset })).onset).toEqual({ errorSeconds, widthSeconds });
  });
});
