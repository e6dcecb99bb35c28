import { describe, expect, test } from '@jest/globals';
import { scoreParsing } from '../../../bench/logs/score-parsing.ts';

const label = (event: string, template: string) => ({ text: '', event, template });

describe('scoreParsing', () => {
  test('gives the hand-computed scores of a log in which two events were mixed up', () => {
    const labels = [
      label('A', 'open <*>'),
      label('A', 'open <*>'),
      label('B', 'close  <*>'),
      label('C', 'closed'),
    ];
    const parsed = [
      { group: 1, template: 'open <*>' },
      { group: 1, template: 'open <*>' },
      { group: 2, template: 'close <*>' },
      { group: 2, template: 'close <*>' },
    ];
    // Exact groups: {A}, 2 of 4 lines, 1 of 2 groups and of 3 events. Wording: lines 1, 2, 3; templates "open <*>" alone, 1 of 2 and of 3.
    expect(scoreParsing(labels, parsed)).toEqual({
      groupingAccuracy: 0.5,
      groupingF1: 2 / 5,
      parsingAccuracy: 0.75,
      templateF1: 2 / 5,
    });
  });

  test('gives ones to an answer equal to the labels', () => {
    const labels = [label('A', 'open <*>'), label('B', 'closed')];
    const parsed = labels.map(({ template }, group) => ({ group, template }));
    const all = { groupingAccuracy: 1, groupingF1: 1, parsingAccuracy: 1, templateF1: 1 };
    expect(scoreParsing(labels, parsed)).toEqual(all);
  });
});
