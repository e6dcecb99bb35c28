import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareTemplate } from '../../../../core/analysis/logs/compare-templates.ts';
import { createLogTally } from '../../../../core/analysis/logs/log-tally.ts';
import { maskTokens } from '../../../../core/analysis/logs/mask-tokens.ts';
import { createTemplateMiner, otherLines } from '../../../../core/analysis/logs/template-miner.ts';
import { clearScore } from '../../../../core/analysis/shift.ts';
import type { LogRecord } from '../../../../core/ports/telemetry.ts';
import { createRandom, poisson } from '../random.ts';

describe('createTemplateMiner', () => {
  test('joins lines that agree in most words and keeps others apart', () => {
    const miner = createTemplateMiner();
    const add = (line: string): number => miner.add('s', maskTokens(line)).id;
    const first = add('connection to host alpha closed by peer');
    expect(add('connection to host beta closed by peer')).toBe(first);
    expect(add('connection to all of them was refused')).not.toBe(first);
    expect(miner.templates().map(({ tokens }) => tokens.join(' '))).toEqual([
      'connection to host <*> closed by peer',
      'connection to all of them was refused',
    ]);
  });

  test('finds the templates of a published example', () => {
    // The running example of the Drain paper: "Receive from node 4" and its like.
    const miner = createTemplateMiner();
    for (const line of ['Receive from node 4', 'Receive from node 7', 'Delete block blk_12'])
      miner.add('', maskTokens(line));
    expect(miner.templates().map(({ tokens }) => tokens.join(' '))).toEqual([
      'Receive from node <*>',
      'Delete block blk_<*>',
    ]);
  });

  test('keeps scopes apart', () => {
    const miner = createTemplateMiner();
    expect(miner.add('one', ['ready']).id).not.toBe(miner.add('two', ['ready']).id);
  });

  test('holds no more templates than it may, and still counts every line', () => {
    const miner = createTemplateMiner({ maxTemplates: 50 });
    const seen = new Map<number, number>();
    for (let line = 0; line < 5_000; line += 1) {
      const word = `${String.fromCodePoint(97 + (line % 26))}${'x'.repeat(line % 97)}`;
      const { id } = miner.add(`scope${line % 3}`, [word, 'happened', 'in', word]);
      seen.set(id, (seen.get(id) ?? 0) + 1);
    }
    expect(miner.templates().length).toBeLessThanOrEqual(53);
    expect(miner.templates().filter(({ tokens }) => tokens[0] === otherLines)).toHaveLength(3);
    expect([...seen.values()].reduce((sum, count) => sum + count, 0)).toBe(5_000);
  });

  test('bounds its memory also when every line has a scope of its own', () => {
    const miner = createTemplateMiner({ maxTemplates: 20 });
    for (let line = 0; line < 1_000; line += 1) miner.add(`scope ${line}`, ['x']);
    expect(miner.templates().length).toBeLessThanOrEqual(41);
  });

  test('gives a line that it has seen the template it had, for any lines', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.constantFrom('a', 'b', 'c', '<*>'))), (lines) => {
        const miner = createTemplateMiner();
        for (const tokens of lines) {
          const { id } = miner.add('', tokens);
          expect(miner.add('', tokens).id).toBe(id);
        }
      }),
    );
  });
});

const split = {
  baseline: { startAt: 0, endAt: 90_000 },
  after: { startAt: 90_000, endAt: 150_000 },
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
