import { describe, expect, test } from '@jest/globals';
import { shuffleText } from '../../../bench/rca/copy-case.ts';

const options = { headerLines: 1, seed: 7 };

describe('shuffleText', () => {
  test('gives the same rows in another order, the header first', () => {
    const rows = ['a,1', 'b,2', 'c,3', 'd,4', 'e,5'];
    const [header, ...shuffled] = shuffleText(
      ['name,value', ...rows, ''].join('\n'),
      'x.csv',
      options,
    )
      .trim()
      .split('\n');
    expect(header).toBe('name,value');
    expect(shuffled).not.toEqual(rows);
    expect(shuffled.toSorted()).toEqual(rows);
  });

  test('does not mix line ends', () => {
    expect(shuffleText('name,value\r\na,1\r\nb,2\r\n', 'x.csv', options)).not.toContain('\r');
  });

  test('shuffles JSON lines and lists', () => {
    const lines = shuffleText('{"a":1}\n{"a":2}\n{"a":3}\n{"a":4}\n', 'x.jsonl', options);
    expect(lines.trim().split('\n').toSorted()).toEqual([
      '{"a":1}',
      '{"a":2}',
      '{"a":3}',
      '{"a":4}',
    ]);
    const list = JSON.parse(shuffleText('["a","b","c","d","e"]', 'x.json', options)) as string[];
    expect(list).not.toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(list.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('the same seed gives the same order', () => {
    const shuffle = () => shuffleText('[1,2,3,4,5,6]', 'x.json', options);
    expect(shuffle()).toBe(shuffle());
  });
});
