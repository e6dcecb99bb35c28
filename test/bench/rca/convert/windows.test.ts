import { describe, expect, test } from '@jest/globals';
import { spreadWindows, stretchesOf, without } from '../../../../bench/rca/convert/windows.ts';

const window = (startAt: number, endAt: number) => ({ startAt, endAt });

describe('without', () => {
  test('leaves what lies before, between and behind the cuts', () => {
    expect(without([window(0, 100)], [window(10, 20), window(50, 60)])).toEqual([
      window(0, 10),
      window(20, 50),
      window(60, 100),
    ]);
  });

  test('leaves nothing of what a cut covers, and all of what it does not touch', () => {
    expect(without([window(10, 20), window(30, 40)], [window(5, 25)])).toEqual([window(30, 40)]);
  });
});

describe('stretchesOf', () => {
  test('breaks where two instants are too far apart, and leaves out an instant alone', () => {
    expect(stretchesOf([0, 60, 120, 500, 560, 2_000], 100)).toEqual([
      window(0, 120),
      window(500, 560),
    ]);
  });
});

describe('spreadWindows', () => {
  test('takes windows of the length over all stretches, apart from each other', () => {
    const spread = spreadWindows([window(0, 100), window(200, 245)], 20, 4);
    expect(spread).toEqual([window(0, 20), window(20, 40), window(60, 80), window(200, 220)]);
  });

  test('takes as many as there is place for', () => {
    expect(spreadWindows([window(0, 45)], 20, 10)).toEqual([window(0, 20), window(20, 40)]);
  });
});
