import { describe, expect, test } from '@jest/globals';
import { wrap } from '../../../cli/render/wrap.ts';

describe('wrap', () => {
  test('breaks between words, and a longer word stands alone', () => {
    expect(wrap('one two  three', 7, '  ')).toBe('one two\n  three');
    expect(wrap('a incomprehensible b', 6)).toBe('a\nincomprehensible\nb');
  });

  test('a number keeps its per cent', () => {
    expect(wrap('it was 52.5 % before', 12)).toBe('it was\n52.5 %\nbefore');
  });
});
