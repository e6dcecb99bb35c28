import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { logText } from '../../../../core/analysis/logs/log-text.ts';
import { maskTokens } from '../../../../core/analysis/logs/mask-tokens.ts';

const masked = (line: string): string => maskTokens(line).join(' ');

describe('maskTokens', () => {
  test.each([
    ['POST /checkout 201 83 ms', 'POST /checkout <*> <*> ms'],
    ['order ord-54b8730b placed: 418.16 GBP', 'order ord-<*> placed: <*> GBP'],
    ['took 12ms, 3.5s and 1h', 'took <*>ms, <*>s and <*>h'],
    ['from 10.20.30.40:8080 to [::1]', 'from <*> to [::<*>]'],
    ['id 3f2504e0-4f89-11d3-9a0c-0305e82c3301.', 'id <*>.'],
    ['at 2026-11-20T10:07:00.123Z done', 'at <*>Z done'],
    ['0xdeadbeef and cafe12 stay apart from facade', '<*> and <*> stay apart from facade'],
    ['user "a8x" said \'no\'', 'user "<*>" said \'<*>\''],
    ["can't open it's file", "can't open it's file"],
    ['"GET /items/7 HTTP/1.1" 500', '"GET /items/<*> HTTP/<*>" <*>'],
    ['payments-7d9f8c6b5-x2x4z restarted', 'payments-<*> restarted'],
    ['blk_-1608999687919862906 of r312', 'blk_-<*> of r<*>'],
    ['an unclosed "quote', 'an unclosed "quote'],
    ['  spaces\tand\r\nlines  ', 'spaces and lines'],
    ['', ''],
  ])('reads %j as %j', (line, template) => {
    expect(masked(line)).toBe(template);
  });

  test('gives two lines that differ in numbers and identifiers the same template', () => {
    const line = (order: string, ms: number): string =>
      `order ord-${order} for 10.0.${ms % 200}.1 took ${ms}ms at ${ms}.5 %`;
    fc.assert(
      fc.property(fc.uuid(), fc.nat(1e6), fc.uuid(), fc.nat(1e6), (one, a, other, b) => {
        expect(masked(line(one, a))).toBe(masked(line(other, b)));
      }),
    );
  });

  test('stays within its bounds on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3_000 }), (line) => {
        const tokens = maskTokens(line);
        expect(tokens.length).toBeLessThanOrEqual(64);
        for (const token of tokens) {
          expect(token.length).toBeGreaterThan(0);
          expect(token.length).toBeLessThanOrEqual(120);
        }
      }),
    );
  });

  test.each(['"', "'a ", '\\"', '0', 'a0', '<*>', '-', '12345678-', '0.', "('", '\u00e9', 'a0 '])(
    'needs no more than linear time on %j repeated',
    (part) => {
      // Processor time, and the best of five runs: how busy the machine is with other things says nothing about the scanner.
      const millisecondsFor = (length: number): number => {
        const line = part.repeat(length / part.length);
        const runs = Array.from({ length: 5 }, () => {
          const before = process.cpuUsage();
          maskTokens(line);
          const spent = process.cpuUsage(before);
          return (spent.user + spent.system) / 1_000;
        });
        return Math.min(...runs);
      };
      millisecondsFor(4_000);
      expect(millisecondsFor(40_000)).toBeLessThan(40 * millisecondsFor(4_000) + 5);
    },
  );

  test('reads on after a token that is longer than it cares to read', () => {
    expect(masked(`${'0.a-'.repeat(5_000)} then`).endsWith(' then')).toBe(true);
  });
});

describe('logText', () => {
  test('finds the message of a JSON line, also inside another', () => {
    expect(logText('{"level":"error","msg":"cannot connect","port":5432}')).toBe('cannot connect');
    expect(logText('{"log":"{\\"message\\":\\"inner\\"}\\n"}')).toBe('inner');
  });

  test('keeps what only looks like JSON, and the first line of a stack trace', () => {
    expect(logText('{not json')).toBe('{not json');
    expect(logText('\n  TypeError: x\n    at y')).toBe('TypeError: x');
  });

  test('never throws and never gives more than 2,000 characters', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
        expect(logText(body).length).toBeLessThanOrEqual(2_000);
      }),
    );
  });
});
