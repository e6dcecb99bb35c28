import { describe, expect, test } from '@jest/globals';
import { sentencesOf } from '../../../core/report/sentences.ts';
import { evidenceId, sampleReport } from '../../cli/samples.ts';

describe('sentencesOf', () => {
  test('numbers every statement of a report from 1, in the order shown, each with its evidence', () => {
    const sentences = sentencesOf(sampleReport);
    expect(sentences.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(sentences.map(({ section, text }) => `${section}: ${text}`)).toEqual([
      'cause: checkout, bad-deploy: TypeError in the discount path of the new release',
      'claim: 41 % of POST /orders failed',
      'chain: checkout → gateway',
      'timeline: 2026-11-21T10:59:53.000Z checkout-r119 deployed',
      'ruled out: payments is slow: its latency is unchanged',
      'remediation: roll-back checkout: the release before was sound',
    ]);
    expect(sentences[1]?.evidenceIds).toEqual([evidenceId]);
  });
});
