import { expect, test } from '@jest/globals';
import { reasonerGaps } from '../../../core/report/reasoner-gaps.ts';
import type { ReportReasoner } from '../../../core/schemas/report.ts';
import { embeddedAlone } from '../../support/embedded-alone.ts';

type Fallback = ReportReasoner['fallbacks'][number];

const away = (role: string, round: number): Fallback => ({
  ...{ role, round, because: 'outage', says: 'unavailable.model: it does not answer' },
});
const unclear = (role: string, round: number): Fallback => ({
  ...{ role, round, because: 'model-output', says: 'model-output.schema: no answer of use' },
});
const reasonsFor = (fallbacks: readonly Fallback[]): readonly string[] =>
  reasonerGaps({ ...embeddedAlone, fallbacks: [...fallbacks] }).map(({ reason }) => reason);

test('OS-60 a model that went away is told once, with the round of each loop from which on it was missing', () => {
  const change = [away('change', 2), away('change', 3), away('change on a question', 1)];
  expect(reasonsFor([away('log', 1), ...change])).toEqual([
    'From round 1 of log, round 2 of change, round 1 of change on a question on the embedded policy decided: ' +
      'the model could not be asked (unavailable.model: it does not answer).',
  ]);
});

test('a model that was not understood is told with each round in which it was not', () => {
  expect(reasonsFor([unclear('log', 1), unclear('log', 3), away('log', 4)])).toEqual([
    expect.stringMatching(/^From round 4 of log on/),
    'In round 1 of log, round 3 of log the embedded policy decided: what the model said could not be used.',
  ]);
});
