import { expect, test } from '@jest/globals';
import { robustSpread } from '../../../core/analysis/robust-spread.ts';

test('the centre and spread of values are not moved by bad ones among them', () => {
  // Distances from 3 are 2, 1, 0, 1 and 97; their median is 1.
  expect(robustSpread([1, 2, 3, 4, 100])).toEqual({ centre: 3, spread: 1.4826 });
});
