import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { logText } from '../../../../core/analysis/logs/log-text.ts';
import { maskBody, stackFrames } from '../../../../core/analysis/logs/mask-body.ts';
import { maskLine } from '../../../../core/analysis/logs/mask-line.ts';
import { cpuMs, leastCpuMs } from '../../../support/cpu-ms.ts';

describe('maskLine', () => {
  test.each([
    ['POST /checkout 201 83 ms', 'POST /checkout <*> <*> ms'],
    ['POST /checkout/7 failed, /var/log is full', 'POST <*> failed, <*> is full'],
    ['order ord-54b8730b placed: 418.16 GBP', 'order ord-<*> placed: <*> GBP'],
    ['took 12ms, 3.5s and 1,234.5 %', 'took <*>, <*> and <*> %'],
    ['from 10.20.30.40:8080 to [::1]', 'from <*> to [::<*>]'],
    ['id 3f2504e0-4f89-11d3-9a0c-0305e82c3301.', 'id <*>.'],
    ['from 00:11:43:e3:ba:c3 via eth1', 'from <*> via eth1'],
    ['at 2026-11-20T10:07:00.123Z done', 'at <*> done'],
    ['at 12:00:01,123 in steps of 1,2,3', 'at <*> in steps of <*>,<*>,<*>'],
    ['0xdeadbeef and cafe123 stay apart from facade', '<*> and <*> stay apart from facade'],
    ["can't open it's file", "can't open it's file"],
    ['"GET /items/7?page=2 HTTP/1.1" 500', '"GET <*>" <*>'],
    ['saved to hdfs://10.0.0.1:9000/logs/a.log, closed', 'saved to <*>, closed'],
    ['cannot read C:\\data\\x.ini', 'cannot read <*>'],
    ['lost node-7/10.1.2.3:80 and node-7:8080', 'lost <*> and <*>'],
    ['lookup of db.example.com or cache.eu.example.co.uk', 'lookup of <*> or <*>'],
    ['org.example.net.Client threw in main.c:12', 'org.example.net.Client threw in main.c:<*>'],
    ['blk_-1608999687919862906 of L2, slot -3', '<*> of L2, slot <*>'],
    ['ready: true, user root, lifetime <1 s', 'ready: <*>, user <*>, lifetime <*> s'],
    ['  spaces\tand\r\nlines  ', 'spaces and lines'],
    ['', ''],
  ])('reads %j as %j', (line, template) => {
    expect(maskLine(line)).toBe(template);
  });

  test('gives two lines that differ in numbers and identifiers the same template', () => {
    const line = (order: string, ms: number): string =>
      `order ord-${order} for 10.0.${ms % 200}.1 took ${ms}ms at ${ms}.5 %`;
    fc.assert(
      fc.property(fc.uuid(), fc.nat(1e6), fc.uuid(), fc.nat(1e6), (one, a, other, b) => {
        expect(maskLine(line(one, a))).toBe(maskLine(line(other, b)));
      }),
    );
  });

  test('stays within its bounds on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1_000 }), (line) => {
        const masked = maskLine(line);
        expect(masked.split(' ').length).toBeLessThanOrEqual(65);
        expect(masked.length).toBeLessThanOrEqual(3 * line.length + 4);
        expect(maskLine(line)).toBe(masked);
      }),
    );
  });

  test.each([
    '"',
    "'a ",
    '\\"',
    '0',
    'a0',
    '<*>',
    '-',
    '12345678-',
    '0.',
    "('",
    '\u00e9',
    'a0 ',
    '/',
    'a/',
    'a.',
    'a-',
    'ab:',
    '1,',
    'C:\\',
    'http://',
    '1.1.1.1/',
  ])('needs no more than linear time on %j repeated', (part) => {
    const millisecondsFor = (length: number): number => {
      const line = part.repeat(length / part.length);
      return leastCpuMs(() => maskLine(line));
    };
    millisecondsFor(4_000);
    expect(millisecondsFor(40_000)).toBeLessThan(40 * millisecondsFor(4_000) + 5);
  });
});

describe('maskBody', () => {
  test.each([
    '  at com.shop.Cart.add(Cart.java:42)',
    'at Object.<anonymous> (/app/server.js:10:3)',
    'at /app/server.js:10:3',
    '... 12 more',
    'File "/app/main.py", line 3, in charge',
    '\t/go/src/main.go:31 +0x1d',
  ])('takes %j for a frame of a stack trace', (line) => {
    expect(maskBody(line)).toBe(stackFrames);
  });

  test.each(['at once (or later)?', 'File "x" is missing', '/health is down', 'Caused by: x'])(
    'takes %j for what it says',
    (line) => {
      expect(maskBody(line)).not.toBe(stackFrames);
    },
  );

  test('a stack trace in one record is the kind of its first line', () => {
    expect(maskBody('TypeError: x of 3\n    at y (z.js:1:2)')).toBe('TypeError: x of <*>');
  });

  test('reads a megabyte of anything in no time and keeps little of it', () => {
    for (const part of ['x', '7 ', '\u0000\uffff', '{"a":', 'a/', '\\']) {
      const body = part.repeat(1_000_000 / part.length);
      const mask = (): void => expect(maskBody(body).length).toBeLessThanOrEqual(6_000);
      expect(cpuMs(mask)).toBeLessThan(200);
    }
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
