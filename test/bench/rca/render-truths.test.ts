import { expect, test } from '@jest/globals';
import { renderTruths } from '../../../bench/rca/render-truths.ts';
import { readTruths } from '../../../core/score/read-truths.ts';

test('what is written is read again as what it was', () => {
  const one = { origin: 'o', fault: 'f', candidates: 3 };
  const text = renderTruths([
    { ...one, name: 'a', entityNames: ['x, "y"', 'z'], onset: '2026-01-01T00:00:00.000Z' },
    { ...one, name: 'b', entityNames: [], onset: null },
    { ...one, name: 'c', entityNames: ['x'], onset: null, culprit: 'c2' },
  ]);
  const truths = [...readTruths(text, 'truth.csv').rows.values()].map(({ truth }) => truth);
  const shared = { entityKind: null, faultKind: null, changeId: null, onset: null };
  expect(truths).toEqual([
    {
      ...{ ...shared, case: 'a', verdict: 'cause-found', entityNames: ['x, "y"', 'z'] },
      onset: '2026-01-01T00:00:00.000Z',
    },
    { ...shared, case: 'b', verdict: 'no-cause-found', entityNames: [] },
    { ...shared, case: 'c', verdict: 'cause-found', entityNames: ['x'], changeId: 'c2' },
  ]);
});
