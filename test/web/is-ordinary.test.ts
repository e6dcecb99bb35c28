import { describe, expect, test } from '@jest/globals';
import { isOrdinary } from '../../web/src/markdown/is-ordinary.ts';
import { cpuMs } from '../support/cpu-ms.ts';

describe('Markdown that is read as such', () => {
  test.each([
    ['what people write', '# Title\n\n- *one*\n  - **two**\n\n> quoted\n\n1. three\n'],
    ['lines across the page', `${'-'.repeat(120)}\n${'*'.repeat(120)}\n${'> '.repeat(8)}x\n`],
    ['names with underscores', 'export CHECKOUT_DB_POOL_SIZE=5\n'.repeat(600)],
  ])('is %s', (_what, text) => {
    expect(isOrdinary(text)).toBe(true);
  });

  test.each([
    ['lists within lists', '* '.repeat(100)],
    ['quotes within quotes', `text\n${'>'.repeat(100)}`],
    ['numbers within numbers', '1. '.repeat(50)],
    ['marks upon marks', '*a_'.repeat(6_000)],
  ])('is not %s', (_what, text) => {
    expect(isOrdinary(text)).toBe(false);
  });

  test('is told from other text in a moment', () => {
    const lookAtAll = (): void => {
      for (const part of ['* ', '>', ' ', '1. ', '\t-', '1', '  *  ']) {
        isOrdinary(part.repeat(20_000));
        isOrdinary(`${part.repeat(20_000)}\n`.repeat(2));
      }
    };
    expect(cpuMs(lookAtAll)).toBeLessThan(1_000);
  });
});
