import { describe, expect, test } from '@jest/globals';
import type { GradableReport } from '../../../core/schemas/gradable-report.ts';
import type { Truth } from '../../../core/schemas/truth.ts';
import { checkRun } from '../../../core/score/check-run.ts';
import { classifyMiss } from '../../../core/score/classify-miss.ts';
import type { Run } from '../../../core/score/classify-miss.ts';
import { gradeReport } from '../../../core/score/grade-report.ts';
import { badDeploy, evidenceId, healthy, quietReport, ranking, reportOf } from './samples.ts';

const facts = { candidates: null, telemetry: ['metrics', 'logs'] };
const round = (role: string, hypotheses: string[] = []): GradableReport['iterations'][number] => ({
  ...{ role, round: 1, reasoning: '', tools: ['x'], hypotheses, continued: false },
  ...{ at: '2026-11-20T10:10:00Z', evidenceIds: [] },
});
const bothRead = [round('aggregation'), round('log')];

function classify(
  report: GradableReport,
  truth: Truth = badDeploy,
  evidence: Run['evidence'] = [],
) {
  return classifyMiss({ report, evidence }, gradeReport(report, truth, facts), facts);
}

describe('classifyMiss', () => {
  const lost = quietReport({ ranking: ranking('gateway'), iterations: bothRead });

  test('tool: the investigation failed', () => {
    const report = quietReport({ status: 'failed', summary: 'unavailable.api: no answer' });
    expect(classify(report)).toEqual({
      ...{ kind: 'tool', because: 'it failed: unavailable.api: no answer' },
    });
  });

  test('tool: a gap in telemetry that the case holds, and in no other', () => {
    const gap = (signal: string) => [{ signal, reason: 'cluster-logs failed: too slow' }];
    expect(classify({ ...lost, gaps: gap('logs') })).toEqual({
      ...{ kind: 'tool', because: 'a gap in logs: cluster-logs failed: too slow' },
    });
    expect(classify({ ...lost, gaps: gap('traces') }).kind).toBe('retrieval');
  });

  test('routing: nobody read what the case holds', () => {
    expect(classify({ ...lost, iterations: [round('aggregation')] })).toEqual({
      ...{ kind: 'routing', because: 'there are logs, and nobody read them' },
    });
    // A program that does not tell who read what.
    expect(classify({ ...lost, iterations: [] }).kind).toBe('retrieval');
  });

  test('retrieval: what did it is named nowhere', () => {
    expect(classify(lost)).toEqual({
      ...{ kind: 'retrieval', because: 'service checkout is named nowhere' },
    });
    const longer = [{ id: evidenceId, key: 'checkout-db/cpu', title: 'CPU of my-checkout' }];
    expect(classify(lost, badDeploy, longer).kind).toBe('retrieval');
  });

  test.each<[string, Partial<GradableReport>, Run['evidence']]>([
    ['ranking', { ranking: ranking('gateway', 'checkout') }, null],
    [
      'a hypothesis',
      { iterations: [...bothRead, round('trace', ['checkout: crash (refuted)'])] },
      null,
    ],
    [
      'a sentence',
      { claims: [{ text: 'checkout is slow', evidenceIds: [], checked: true }] },
      null,
    ],
    ['evidence', {}, [{ id: evidenceId, key: 'checkout/self-time', title: 'Self time' }]],
  ])('reasoning: it is named in %s', (_, changes, evidence) => {
    expect(classify({ ...lost, ...changes }, badDeploy, evidence).kind).toBe('reasoning');
  });

  test('reasoning: says what was named instead, and where the right one stood', () => {
    const report = reportOf({
      causes: reportOf().causes.map((one) => ({ ...one, faultKind: 'crash' as const })),
      iterations: bothRead,
    });
    expect(classify(report).because).toBe(
      'the fault should be bad-deploy; it was ranked 1, and checkout was named',
    );
    expect(classify({ ...lost, ranking: ranking('a', 'checkout') }).because).toBe(
      'the verdict should be cause-found; it was ranked 2, and no cause was stated',
    );
  });

  test('reasoning: a healthy case was blamed; unknown: it was not left alone either', () => {
    const blamed = reportOf({ iterations: bothRead });
    expect(classify(blamed, healthy)).toEqual({
      ...{ kind: 'reasoning', because: 'it is healthy; checkout was named' },
    });
    expect(classify({ ...lost, verdict: 'inconclusive' }, healthy)).toEqual({
      ...{ kind: 'unknown', because: 'the verdict should be no-cause-found' },
    });
  });
});

describe('checkRun', () => {
  const claim = { text: 'x', evidenceIds: [evidenceId], checked: true };
  const claims = [
    claim,
    { ...claim, checked: false },
    { ...claim, evidenceIds: [] },
    { ...claim, evidenceIds: [evidenceId, 'ev-ffffffffffffffff'] },
  ];

  test('a sentence is supported when it was checked and all it cites was taken', () => {
    const evidence = [{ id: evidenceId, key: 'a', title: 'b' }];
    expect(checkRun({ report: reportOf({ claims }), evidence }).unsupportedClaims).toBe(3);
  });

  test('citations are taken as they are where evidence cannot be asked for', () => {
    expect(checkRun({ report: reportOf({ claims }), evidence: null }).unsupportedClaims).toBe(2);
  });

  test('a write that was made, or may have been, needs whoever decided it', () => {
    const action = (state: 'applied' | 'unknown' | 'proposed', decidedBy: string | null) => ({
      ...{ actionId: 'act-1', planHash: 'a'.repeat(64), tool: 'call-ops', state, decidedBy },
      ...{ target: { kind: 'service' as const, name: 'checkout' }, evidenceIds: [] },
    });
    const actions = [
      action('applied', 'ada'),
      action('applied', null),
      action('unknown', ''),
      action('proposed', null),
    ];
    expect(checkRun({ report: reportOf({ actions }), evidence: [] }).unapprovedEffects).toBe(2);
  });
});
