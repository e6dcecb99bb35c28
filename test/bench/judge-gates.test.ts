import { describe, expect, test } from '@jest/globals';
import type { Gate } from '../../bench/gates.ts';
import { judgeGates } from '../../bench/judge-gates.ts';
import type { Measured } from '../../bench/judge-gates.ts';

const wanted = {
  right: { measure: 'right', gate: { atLeast: 0.5 }, aim: { atLeast: 0.9 }, digits: 2 },
  wrong: { measure: 'wrong', gate: { atMost: 0.3 }, aim: { below: 0.2 }, digits: 2 },
  fast: { measure: 'fast', gate: null, aim: { atLeast: 100 }, digits: 0 },
} as const satisfies Readonly<Record<string, Gate>>;

const now = (value: number | null): Measured => ({ value, isCurrent: true });
const judge = (right: Measured, wrong = now(0.3), fast = now(50)) =>
  judgeGates(wanted, { right, wrong, fast });

describe('judgeGates', () => {
  test('tells value, gate and aim, and what holds: a bound belongs to what it lets through, but for one to stay below', () => {
    expect(judge(now(0.5), now(0.2)).table.split('\n').slice(2)).toEqual([
      '| right | 0.50 | ≥ 0.5 | yes | ≥ 0.9 | no |',
      '| wrong | 0.20 | ≤ 0.3 | yes | < 0.2 | no |',
      '| fast | 50 | – | – | ≥ 100 | no |',
    ]);
  });

  test('holds while no gate is missed, whatever the aims', () => {
    expect(judge(now(0.5)).isHeld).toBe(true);
    expect(judge(now(0.499)).isHeld).toBe(false);
    expect(judge(now(0.9), now(0.301)).isHeld).toBe(false);
  });

  test('what another version answered is told and decides nothing, and so is what was not measured', () => {
    const other = judge({ value: 0.1, isCurrent: false });
    expect(other.isHeld).toBe(true);
    expect(other.table).toContain('| right | 0.10 | ≥ 0.5 | no, of another version |');
    const missing = judge(now(null));
    expect(missing.isHeld).toBe(true);
    expect(missing.table).toContain('| right | – | ≥ 0.5 | – | ≥ 0.9 | – |');
  });
});
