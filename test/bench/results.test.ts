import { describe, expect, test } from '@jest/globals';
import { replaceSection } from '../../bench/results.ts';

describe('replaceSection', () => {
  test('adds a section at the end, and later replaces it alone', () => {
    const one = replaceSection('# Results\n', 'one', 'first');
    const both = replaceSection(one, 'two', 'other');
    const again = replaceSection(both, 'one', 'second');
    expect(again).toBe(
      replaceSection(replaceSection('# Results\n', 'one', 'second'), 'two', 'other'),
    );
    expect(again).toContain('## `npm run bench -- one`\n\nsecond\n');
    expect(again).not.toContain('first');
  });
});
