import { createColors } from 'picocolors';
import { describe, expect, test } from '@jest/globals';
import { exitCodeOfReport } from '../../../cli/render/errors.ts';
import { renderReport } from '../../../cli/render/report.ts';
import { styleFor } from '../../../cli/render/style.ts';
import { evidenceId, sampleReport } from '../samples.ts';

const plain = createColors(false);

describe('renderReport', () => {
  test('says cause, mechanism, onset, chain, evidence, what was ruled out, gaps, confidence, proposal and cost', () => {
    const text = renderReport(sampleReport, plain);
    for (const part of [
      'CAUSE FOUND  shop-1111',
      'Onset: 2026-11-21T10:59:50.000Z to 2026-11-21T11:00:00.000Z',
      'Cause: checkout, bad-deploy',
      'Mechanism:   TypeError in the discount path',
      'Change:      checkout-r119',
      'Confidence:  93 %',
      'checkout → gateway (not shown: order)',
      `41 % of POST /orders failed [${evidenceId}]`,
      'payments is slow: its latency is unchanged',
      'events: none recorded',
      'roll-back checkout (risk: low)',
      'act-abcd ops.rollback on checkout: proposed',
      '4.2 s, 17 tool calls, 0 model calls, 0 tokens, 0.00 USD',
    ]) {
      expect(text).toContain(part);
    }
  });

  test('leaves out what a report does not hold, and says what ended it early', () => {
    const text = renderReport(
      {
        ...sampleReport,
        verdict: 'inconclusive',
        causes: [],
        chain: [],
        actions: [],
        ended: 'time',
      },
      plain,
    );
    expect(text).toContain('INCONCLUSIVE  shop-1111  inv-abcd (ended by: time)');
    expect(text).not.toMatch(/^(Cause:|Causal chain|Actions)/m);
  });

  test('prints nothing from telemetry that a terminal obeys', () => {
    const evil = '\u001b]0;owned\u0007\u001b[2Jtext';
    const [cause] = sampleReport.causes;
    const text = renderReport(
      {
        ...sampleReport,
        summary: evil,
        causes: cause === undefined ? [] : [{ ...cause, mechanism: evil, changeId: evil }],
        claims: [{ text: evil, evidenceIds: [], checked: true }],
        ruledOut: [{ hypothesis: evil, because: evil, evidenceIds: [] }],
      },
      plain,
    );
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
  });

  test('keeps lines short enough to read', () => {
    const summary = 'word '.repeat(100).trim();
    const lines = renderReport({ ...sampleReport, summary }, plain).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(110);
  });
});

describe('colours', () => {
  test.each([
    ['on a terminal', { isTTY: true }, {}, true],
    ['not into a file', {}, {}, false],
    ['not with NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, false],
    ['not on a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, false],
  ])('%s', (_where, stream, env, isColoured) => {
    expect(styleFor(stream, env).isColorSupported).toBe(isColoured);
  });
});

describe('exitCodeOfReport', () => {
  test.each([
    ['completed', 'answered', 0],
    ['completed', 'rounds', 6],
    ['completed', 'calls', 6],
    ['completed', 'time', 6],
    ['cancelled', 'cancelled', 4],
    ['failed', 'failed', 70],
  ] as const)('of a %s report that ended by %s is %d', (status, ended, exitCode) => {
    expect(exitCodeOfReport({ status, ended })).toBe(exitCode);
  });
});
