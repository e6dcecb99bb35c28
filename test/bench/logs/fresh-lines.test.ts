import { describe, expect, test } from '@jest/globals';
import { prepareFreshLines } from '../../../bench/logs/fresh-lines.ts';

const logOf = (text: string, template: string) => [
  { system: 's', lines: [{ text, event: 'E', template }] },
];

describe('prepareFreshLines', () => {
  test('draws the numbers of parameters anew and keeps the words', () => {
    const freshen = prepareFreshLines(
      logOf('V2 took 123456 ms for job77 v2', 'V2 took <*> ms for <*> v2'),
    );
    const [line = ''] = freshen(1);
    expect(line).toMatch(/^V2 took \d{6} ms for job\d\d v2$/u);
    expect(line).not.toContain('123456');
    expect(freshen(1)).toEqual([line]);
    expect(freshen(2)).not.toEqual([line]);
  });

  test('leaves a line alone that does not read as its label', () => {
    expect(prepareFreshLines(logOf('a 1 b', 'a <*> c'))(1)).toEqual(['a 1 b']);
    expect(prepareFreshLines(logOf('a 1', 'a 1'))(1)).toEqual(['a 1']);
  });
});
