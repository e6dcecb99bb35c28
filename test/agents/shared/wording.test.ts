import { describe, expect, test } from '@jest/globals';
import { describeFact, formatValue } from '../../../agents/shared/wording.ts';
import type { Observation } from '../../../core/schemas/digest.ts';

describe('a value is written', () => {
  test.each([
    [0.525, '1', '52.5 %'],
    [12.3, '%', '12.3 %'],
    [0.0313, '{line}/{request}', '0.0313 lines for each request'],
    [1, '{line}/{request}', '1 line for each request'],
    [2.09, '{line}/s', '2.09 lines/s'],
    [1, '{time}', '1 time'],
    [0, '{time}', '0 times'],
    [3.2, '1/s', '3.2 a second'],
    [1.5e9, 'By', '1500 MB'],
    [12_000, 'ms', '12 s'],
    [4, '', '4'],
  ])('%d in “%s” as %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });
});

describe('a fact about errors', () => {
  const fact = (part: Partial<Observation>): Observation => ({
    entity: { kind: 'service', name: 'shop' },
    ...{ aspect: 'error-ratio', name: 'http_errors_total', unit: '1', before: 0, after: 0.032 },
    ...{ score: 9, direction: 'up', support: 100 },
    ...part,
  });

  test('that is a share says so, and one that counts says how many', () => {
    expect(describeFact(fact({}))).toBe(
      'the share of requests to shop “http_errors_total” that fail is 3.2 %, before 0 %',
    );
    expect(describeFact(fact({ unit: '1/s', after: 3.2 }))).toBe(
      'errors of shop “http_errors_total” number 3.2 a second, before 0 a second',
    );
    const peer = { kind: 'service' as const, name: 'bank' };
    expect(describeFact(fact({ aspect: 'edge-error', peer, unit: '', after: 7 }))).toBe(
      'failed calls from shop to bank “http_errors_total” number 7, before 0',
    );
  });
});
