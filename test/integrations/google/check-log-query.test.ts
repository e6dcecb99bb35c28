import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isAppError } from '../../../core/errors.ts';
import { checkLogQuery } from '../../../integrations/google/check-log-query.ts';

function refusal(text: string): string | null {
  try {
    checkLogQuery(text);
    return null;
  } catch (error) {
    return isAppError(error) && error.code === 'invalid.query' ? error.message : String(error);
  }
}

test.each([
  'severity>=ERROR AND resource.labels.container_name="checkout"',
  '(severity=ERROR OR (severity=WARNING AND NOT "retry")) AND -textPayload:robot',
  'textPayload=~"charge\\(.*\\) failed" OR "an open ( here" OR "say \\"no\\" (twice"',
  "resource.type='k8s_container' AND severity=ERROR",
  'SEARCH(textPayload, "hello -- world") AND timestamp>"2026-01-01T00:00:00Z"',
])('lets through: %s', (text) => {
  expect(refusal(text)).toBeNull();
});

test.each([
  [
    'severity>=ERROR) OR (timestamp>"2020-01-01T00:00:00Z"',
    'closes at character 16 a parenthesis that it did not open',
  ],
  ['severity>=ERROR OR ((a=b)', 'leaves 1 of its parentheses open'],
  ['"a" OR "b) OR (c', 'leaves the quote at character 8 open'],
  ['a="b\\") OR (c=d', 'leaves the quote at character 3 open'],
  ['a=b -- (\n) OR (c=d -- )\n', 'has a comment (--) at character 5'],
  ['a=b -- all the rest', 'has a comment (--) at character 5'],
  ["a='(' ) OR (b=')'", 'a text in single quotes that needs double ones'],
  ["a=it's) OR (b=it's", 'a text in single quotes that needs double ones'],
  ["a='--' (\n) OR (\n'--' )", 'a text in single quotes that needs double ones'],
  ["a=it's", 'leaves the quote at character 5 open'],
  ['a=\\" ) OR (b=\\"', 'has a backslash at character 3'],
])('refuses %j and says why', (text, why) => {
  expect(refusal(text)).toContain('was not sent to Cloud Logging');
  expect(refusal(text)).toContain(why);
});

describe('what is let through', () => {
  /** Passes over quoted texts, the single quotes taken as quotes or not. */
  function staysWithin(text: string, quotes: readonly string[]): boolean {
    let depth = 0;
    let quote: string | null = null;
    for (let index = 0; index < text.length; index += 1) {
      const sign = text[index] ?? '';
      if (quote !== null) {
        if (sign === '\\') index += 1;
        else if (sign === quote) quote = null;
      } else if (quotes.includes(sign)) quote = sign;
      else if (sign === '-' && text[index + 1] === '-') {
        const end = text.indexOf('\n', index);
        if (end < 0) return false;
        index = end;
      } else if (sign === '(') depth += 1;
      else if (sign === ')' && (depth -= 1) < 0) return false;
    }
    return depth === 0 && quote === null;
  }

  test('never leaves the parentheses that it is put into, however single quotes are read', () => {
    const part = fc.constantFrom('(', ')', '"', "'", '\\', '--', '\n', 'a=b', ' OR ');
    const text = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (given) => {
        if (refusal(given) !== null) return;
        expect([given, staysWithin(given, ['"', "'"])]).toEqual([given, true]);
        expect([given, staysWithin(given, ['"'])]).toEqual([given, true]);
      }),
      { numRuns: 5_000 },
    );
  });
});
