import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareTemplate } from '../../../../core/analysis/logs/compare-templates.ts';
import { createLogTally } from '../../../../core/analysis/logs/log-tally.ts';
import type { TallyState } from '../../../../core/analysis/logs/log-tally.ts';
import { otherLines } from '../../../../core/analysis/logs/mask-body.ts';
import { maskLine } from '../../../../core/analysis/logs/mask-line.ts';
import { createTemplateMiner } from '../../../../core/analysis/logs/template-miner.ts';
import type { KindValues } from '../../../../core/analysis/logs/template-miner.ts';
import { clearScore } from '../../../../core/analysis/shift.ts';
import type { LogRecord } from '../../../../core/ports/telemetry.ts';
import { createRandom, poisson } from '../random.ts';
import { cpuMs } from '../../../support/cpu-ms.ts';

const countLines = {
  fresh: () => ({ lines: 0 }),
  merge: (one: Lines, other: Lines) => ({ lines: one.lines + other.lines }),
};

interface Lines {
  lines: number;
}

function mine(lines: readonly string[]): readonly (readonly [template: string, lines: number])[] {
  const miner = createTemplateMiner(countLines);
  for (const line of lines) miner.add('', maskLine(line)).lines += 1;
  return miner.templates().map(({ template, value }) => [template, value.lines]);
}

describe('createTemplateMiner', () => {
  test('finds the templates of a published example', () => {
    // The running example of the Drain paper (He et al., ICWS 2017): "Receive from node 4" and its like.
    expect(mine(['Receive from node 4', 'Receive from node 7', 'Delete block blk_12'])).toEqual([
      ['Delete block <*>', 1],
      ['Receive from node <*>', 2],
    ]);
  });

  test('six different words in one place are values of a parameter, five are not', () => {
    const users = ['ann', 'bob', 'cyd', 'dan', 'eve', 'fay'];
    const lines = users.map((user) => `session opened for ${user}`);
    expect(mine(lines)).toEqual([['session opened for <*>', 6]]);
    expect(mine(lines.slice(1))).toHaveLength(5);
    expect(mine(users.map((user) => `${user} has a session`))).toHaveLength(6);
  });

  test('a word is a value where other lines have a masked one', () => {
    expect(mine(['cannot enter /var/log now', 'cannot enter home now'])).toEqual([
      ['cannot enter <*> now', 2],
    ]);
  });

  test('words that end in a digit vary from four on', () => {
    const lines = [0, 1, 2, 3].map((port) => `link eth${port} is down`);
    expect(mine(lines)).toEqual([['link <*> is down', 4]]);
    expect(mine(lines.slice(1))).toHaveLength(3);
  });

  test('keeps what words have in common around a value', () => {
    const users = ['ann', 'bob', 'cyd', 'dan', 'eve', 'fay'];
    expect(mine(users.map((user) => `denied uid=${user}, twice`))).toEqual([
      ['denied uid=<*>, twice', 6],
    ]);
  });

  test('joins lists of different length, other units and sizes told twice', () => {
    expect(mine(['ask 10.0.0.1 to delete blk_1 blk_2', 'ask 10.0.0.2 to delete blk_3'])).toEqual([
      ['ask <*> to delete <*>', 2],
    ]);
    expect(mine(['sent 11165 bytes (10.9 KB) at last', 'sent 9 bytes at last'])).toEqual([
      ['sent <*> at last', 2],
    ]);
    expect(mine(['freed 5 KB here', 'freed 93 B here'])).toEqual([['freed <*> here', 2]]);
    expect(mine(['freed 5 KB here', 'freed 9 KB here'])).toEqual([['freed <*> KB here', 2]]);
  });

  test('words that matter stay apart', () => {
    const lines = ['node is up', 'node is down', 'disk full on /a', 'disk full on /a again'];
    expect(mine(lines)).toHaveLength(4);
    expect(mine(['fan ( 3 4 **** )', 'fan ( 3 4 5 )'])).toHaveLength(2);
  });

  test('keeps scopes apart', () => {
    const miner = createTemplateMiner(countLines);
    miner.add('one', 'ready');
    miner.add('two', 'ready');
    expect(miner.templates()).toHaveLength(2);
  });

  test('holds no more templates than it may, and still counts every line', () => {
    const miner = createTemplateMiner(countLines, { maxKinds: 60 });
    for (let line = 0; line < 5_000; line += 1) {
      const word = `${String.fromCodePoint(97 + (line % 26))}${'x'.repeat(line % 97)}`;
      miner.add(`scope${line % 3}`, `${word} happened in ${word}`).lines += 1;
    }
    const templates = miner.templates();
    expect(templates.length).toBeLessThanOrEqual(60);
    expect(templates.some(({ template }) => template === otherLines)).toBe(true);
    expect(templates.reduce((sum, { value }) => sum + value.lines, 0)).toBe(5_000);
  });

  test('bounds its memory also when every line has a scope of its own', () => {
    const miner = createTemplateMiner(countLines, { maxKinds: 20 });
    for (let line = 0; line < 1_000; line += 1) miner.add(`scope ${line}`, 'x').lines += 1;
    expect(miner.templates().length).toBeLessThanOrEqual(20);
  });

  test('gives up last what matters, and says what may be missing of what comes again', () => {
    const values: KindValues<Lines & { isError: boolean }> = {
      fresh: () => ({ lines: 0, isError: false }),
      merge: (one, other) => ({ lines: one.lines + other.lines, isError: one.isError }),
      matters: ({ isError }) => isError,
      missed: ({ lines }) => lines,
    };
    const miner = createTemplateMiner(values, { maxKinds: 20 });
    const add = (scope: string, text: string): void => {
      const value = miner.add(scope, text);
      value.lines += 1;
      value.isError = scope === 'error';
    };
    add('error', 'disk is broken');
    for (let index = 0; index < 26; index += 1) {
      const text = `${String.fromCodePoint(97 + index)} did ${'x'.repeat(index + 1)}`;
      for (let time = 0; time < 3; time += 1) add('info', text);
    }
    add('info', 'z came again');
    const templates = miner.templates();
    const missedOf = (text: string) => templates.find(({ template }) => template === text)?.missed;
    expect(missedOf('disk is broken')).toBe(0);
    expect(missedOf('z came again')).toBeGreaterThanOrEqual(3);
    expect(missedOf(otherLines)).toBeGreaterThanOrEqual(3);
  });

  const words = fc.constantFrom(
    'a',
    'open',
    'user',
    'x7',
    'id=<*>',
    '<*>',
    '(<*>)',
    'KB',
    'eth0',
    'eth1',
  );
  const lines = fc.array(
    fc.array(words, { minLength: 1, maxLength: 5 }).map((all) => all.join(' ')),
  );

  test('gives the same templates in any order of lines, every line counted once', () => {
    fc.assert(
      fc.property(lines, fc.nat(), (all, turn) => {
        const from = all.length === 0 ? 0 : turn % all.length;
        const turned = [...all.slice(from), ...all.slice(0, from)].reverse();
        expect(mine(turned)).toEqual(mine(all));
        expect(mine(all).reduce((sum, [, count]) => sum + count, 0)).toBe(all.length);
      }),
    );
  });

  test('goes on from where it was stopped', () => {
    fc.assert(
      fc.property(lines, fc.nat(), (all, at) => {
        const first = createTemplateMiner(countLines);
        const cut = all.length === 0 ? 0 : at % all.length;
        for (const line of all.slice(0, cut)) first.add('', line).lines += 1;
        const resumeFrom = JSON.parse(JSON.stringify(first.templates())) as ReturnType<
          typeof first.templates
        >;
        const second = createTemplateMiner(countLines, { resumeFrom });
        for (const line of all.slice(cut)) second.add('', line).lines += 1;
        const total = second.templates().reduce((sum, { value }) => sum + value.lines, 0);
        expect(total).toBe(all.length);
        expect(second.templates().length).toBeLessThanOrEqual(Math.max(1, all.length));
      }),
    );
  });

  test('groups in time that grows with the number of lines and not faster', () => {
    const millisecondsFor = (count: number): number => {
      const runs = Array.from({ length: 3 }, (_none, run) => {
        const miner = createTemplateMiner(countLines, { maxKinds: count });
        for (let line = 0; line < count; line += 1) {
          const letters = String(line + run).replaceAll(
            /\d/gu,
            (one) => 'abcdefghij'[Number(one)] ?? '',
          );
          miner.add('', `request of ${letters} was refused by the ${letters} of it`);
        }
        return cpuMs(() => miner.templates());
      });
      return Math.min(...runs);
    };
    millisecondsFor(1_000);
    expect(millisecondsFor(8_000)).toBeLessThan(24 * millisecondsFor(1_000) + 50);
  });
});

const split = {
  baseline: [{ startAt: 0, endAt: 90_000 }],
  after: [{ startAt: 90_000, endAt: 150_000 }],
};
const record = (at: number, body: string): LogRecord => ({
  at,
  body,
  service: 'payments',
  instance: null,
  severity: 'error',
  traceId: null,
  spanId: null,
  row: at,
});

describe('createLogTally', () => {
  test('counts before and after, keeps first lines and ignores what lies outside', () => {
    const tally = createLogTally(split);
    for (const at of [1_000, 2_000, 95_000, 96_000, 97_000, 98_000, 99_000, 200_000]) {
      tally.add(record(at, `charge ${at} refused`));
    }
    const [count] = tally.counts();
    expect(count).toMatchObject({
      template: 'charge <*> refused',
      before: 2,
      after: 5,
      firstAt: 1_000,
      firstAfterAt: 95_000,
    });
    expect(count?.exemplarsAfter.map(({ at }) => at)).toEqual([95_000, 96_000, 97_000]);
  });

  test('counts in each of many healthy times', () => {
    const baseline = [0, 1, 2, 3, 4].map((place) => ({
      startAt: place * 10_000,
      endAt: place * 10_000 + 1_000,
    }));
    const tally = createLogTally({ ...split, baseline });
    for (const at of [0, 500, 5_000, 10_000, 40_999, 41_000, 95_000]) {
      tally.add(record(at, 'charge refused'));
    }
    expect(tally.counts()).toMatchObject([{ before: 4, after: 1, history: [2, 1, 0, 0, 1] }]);
  });

  test('counts every record inside its windows once, for any records', () => {
    const any = fc.record({ at: fc.integer({ min: -10, max: 160_000 }), body: fc.string() });
    fc.assert(
      fc.property(fc.array(any), (records) => {
        const tally = createLogTally(split);
        for (const { at, body } of records) tally.add(record(at, body));
        const counts = tally.counts();
        const inside = records.filter(({ at }) => at >= 0 && at < 150_000).length;
        expect(counts.reduce((sum, one) => sum + one.before + one.after, 0)).toBe(inside);
      }),
    );
  });

  test('tells the same of records in any order, also when it was stopped between', () => {
    const body = fc.constantFrom('up 1', 'up two', 'user ann', 'x\n at y', 'took 5 ms', 'took 5 s');
    const any = fc.record({ at: fc.integer({ min: 0, max: 149_999 }), body });
    fc.assert(
      fc.property(fc.array(any), fc.nat(), (records, at) => {
        const whole = createLogTally(split);
        for (const one of records) whole.add(record(one.at, one.body));
        const cut = records.length === 0 ? 0 : at % records.length;
        const shuffled = records.toSorted((one, other) => (one.at % 7) - (other.at % 7));
        const first = createLogTally(split);
        for (const one of shuffled.slice(0, cut)) first.add(record(one.at, one.body));
        const resumeFrom = JSON.parse(JSON.stringify(first.state())) as TallyState;
        const second = createLogTally(split, { resumeFrom });
        for (const one of shuffled.slice(cut)) second.add(record(one.at, one.body));
        expect(second.counts()).toEqual(whole.counts());
      }),
      { numRuns: 60 },
    );
  });
});

describe('createLogTally, of more kinds than it may hold', () => {
  const middle = 1_000;
  const sides = {
    baseline: [{ startAt: 0, endAt: middle }],
    after: [{ startAt: middle, endAt: 2 * middle }],
  };
  const word = (index: number): string =>
    String(index).replaceAll(/\d/gu, (digit) => 'abcdefghij'[Number(digit)] ?? '');
  const record = (at: number, body: string, severity: LogRecord['severity'] = 'info') => ({
    ...{ at, body, severity, row: at },
    ...{ service: 'shop', instance: null, traceId: null, spanId: null },
  });
  /** Pairs of words, so that no two lines are one template. */
  const kinds = Array.from({ length: 60 }, (_unused, index) =>
    `${word(index)} x `.repeat(1 + (index % 7)).concat(word(index * 31)),
  );
  const exposure = { secondsBefore: 1, secondsAfter: 1, requests: null };

  test('does not call new what it may have forgotten, and keeps errors', () => {
    const tally = createLogTally(sides, { maxKinds: 20 });
    tally.add(record(0, 'disk is broken', 'error'));
    for (const [at, body] of kinds.entries()) tally.add(record(at, body));
    for (const [at, body] of kinds.entries()) tally.add(record(middle + at, body));
    const counts = tally.counts();
    expect(counts.find(({ severity }) => severity === 'error')).toMatchObject({
      template: 'disk is broken',
      before: 1,
      isBeforeKnown: true,
    });
    const changes = counts
      .filter(({ template }) => template !== otherLines)
      .map((count) => compareTemplate(count, exposure)?.change);
    expect(changes).not.toContain('new');
    expect(counts.some(({ isBeforeKnown }) => !isBeforeKnown)).toBe(true);
  });

  test('calls new what is new where nothing of the time before was given up', () => {
    const tally = createLogTally(sides, { maxKinds: 20 });
    for (const [at, body] of kinds.entries()) tally.add(record(middle + at, body));
    for (let time = 0; time < 30; time += 1) tally.add(record(middle + time, 'it is all over'));
    const found = tally.counts().find(({ template }) => template === 'it is all over');
    expect(found).toMatchObject({ before: 0, isBeforeKnown: true });
    expect(found && compareTemplate(found, exposure)?.change).toBe('new');
  });

  test('still tells that something forgotten became far more frequent', () => {
    const tally = createLogTally(sides, { maxKinds: 20 });
    for (const [at, body] of kinds.entries()) tally.add(record(at, body));
    for (let time = 0; time < 300; time += 1) tally.add(record(middle + time, 'it is all over'));
    const found = tally.counts().find(({ template }) => template === 'it is all over');
    expect(found?.isBeforeKnown).toBe(false);
    const shift = found === undefined ? null : compareTemplate(found, exposure);
    expect(shift).toMatchObject({ change: 'rate', shift: { direction: 'up' } });
    expect(shift?.shift.score).toBeGreaterThan(clearScore);
  });
});

describe('compareTemplate', () => {
  const exposure = { secondsBefore: 90, secondsAfter: 60, requests: null };
  const count = (before: number, after: number) => ({
    before,
    after,
    severity: 'warn' as const,
    dispersion: 1,
  });

  test('gives the hand-computed score of a new template', () => {
    // 2 (sqrt(20.375) - sqrt(0.375)) / sqrt(1 + 60/90) = 6.0445, and a warning counts for nine tenths.
    const found = compareTemplate(count(0, 20), exposure);
    expect(found?.change).toBe('new');
    expect(found?.shift.score).toBeCloseTo(6.0445 * 0.9, 3);
  });

  test('takes a single new line for chance, and one that stops for news', () => {
    expect(compareTemplate(count(0, 2), exposure)?.shift.score).toBeLessThan(2);
    const gone = compareTemplate(count(90, 0), exposure);
    expect(gone?.change).toBe('vanished');
    expect(gone?.shift.score).toBeGreaterThan(clearScore);
  });

  test('compares lines a request with what they were in each of many healthy times', () => {
    const history = [5, 0, 5, 5, 5, 5];
    const requests = { before: 60, after: 20, history: [10, 10, 10, 10, 10, 10] };
    const found = (after: number) =>
      compareTemplate({ ...count(25, after), history }, { ...exposure, requests });
    // Usual is half a line a request, so 10 are expected: 2 (sqrt(10.375) - sqrt(0.375)) / sqrt(1 + 0.1) = 4.974.
    expect(found(0)).toMatchObject({ change: 'vanished', unit: '{line}/{request}' });
    expect(found(0)?.shift).toMatchObject({ before: 0.5, after: 0 });
    expect(found(0)?.shift.score).toBeCloseTo(4.974 * 0.9, 3);
    expect(found(10)?.shift.score).toBe(0);
  });

  test('does not mind that lines follow the traffic', () => {
    const surge = { ...exposure, requests: { before: 900, after: 3_000 } };
    expect(compareTemplate(count(900, 3_000), exposure)?.shift.score).toBeGreaterThan(clearScore);
    expect(compareTemplate(count(900, 3_000), surge)?.shift.score).toBeLessThan(0.1);
  });

  test('is quiet on lines as frequent as before', () => {
    const random = createRandom(41);
    let loud = 0;
    for (let run = 0; run < 3_000; run += 1) {
      const mean = 0.05 * 3 ** (run % 5);
      const drawn = { ...count(poisson(random, 90 * mean), poisson(random, 60 * mean)) };
      const found = compareTemplate({ ...drawn, severity: 'error' }, exposure);
      if ((found?.shift.score ?? 0) >= clearScore) loud += 1;
    }
    expect(loud).toBeLessThanOrEqual(15);
  });

  test('is sound for any counts', () => {
    const number = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(number, number, number, number, (before, after, one, other) => {
        const found = compareTemplate(count(before, after), {
          secondsBefore: one,
          secondsAfter: other,
          requests: { before: one, after: other },
        });
        if (found !== null) expect(Number.isFinite(found.shift.score)).toBe(true);
      }),
    );
  });
});
