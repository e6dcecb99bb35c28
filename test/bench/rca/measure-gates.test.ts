import { describe, expect, test } from '@jest/globals';
import { gates } from '../../../bench/gates.ts';
import { judgeGates } from '../../../bench/judge-gates.ts';
import type { BenchCase } from '../../../bench/rca/bench-case.ts';
import { describeRca } from '../../../bench/rca/describe-rca.ts';
import { gradeAnswer } from '../../../bench/rca/grade-answer.ts';
import type { GradedSet } from '../../../bench/rca/graded-set.ts';
import { measureGates } from '../../../bench/rca/measure-gates.ts';
import { dayOf, versionOf } from '../../../bench/rca/run-set.ts';
import { benchSets } from '../../../bench/rca/sets.ts';
import { gradableReportSchema } from '../../../core/schemas/gradable-report.ts';

const answered = { version: 'v2', on: '2026-11-29' };
const right = { kind: 'service', name: 'shop' } as const;
const other = { kind: 'service', name: 'cart' } as const;

/** Answers of a set, one for each entity that is said; null says nothing. Of a healthy set nothing is to be said. */
function answersOf(name: string, said: readonly (typeof right | typeof other | null)[]): GradedSet {
  const set = benchSets.find((one) => one.name === name);
  if (set === undefined) throw new Error(`there is no set ${name}`);
  const isHealthy = set.gradedBy === 'health';
  const grades = said.map((entity, index) => {
    const report = gradableReportSchema.parse({
      case: `${name}-${index}`,
      verdict: entity === null ? 'no-cause-found' : 'cause-found',
      causes: entity === null ? [] : [{ entity, confidence: 0.75, faultKind: 'quota-exceeded' }],
      ranking: entity === null ? [] : [{ entity, score: 1 }],
    });
    const one: BenchCase = {
      ...{ name: `${name}-${index}`, origin: 'o', fault: 'f', onset: null, candidates: 4 },
      entityNames: isHealthy ? [] : ['shop'],
      ...(set.gradedBy === 'change' && { culprit: null }),
      ...(set.gradedBy === 'category' && { category: 'resource_exhaustion' }),
    };
    return gradeAnswer({ case: one, report, traits: null, windowSeconds: null }, set.gradedBy);
  });
  return { set, variant: 'detected', answered, grades };
}

/** Three of four right in each set of incidents, the fourth wrong; nothing said of the healthy times but in one of eight. */
const all = benchSets.map((set) =>
  answersOf(
    set.name,
    set.gradedBy !== 'health'
      ? [right, right, right, other]
      : [null, set.name === 'healthy-petshop' ? other : null],
  ),
);

describe('measureGates', () => {
  test('counts what the gates ask for, as by hand', () => {
    const measured = measureGates(all, 'v2');
    expect(measured.petshopFirst).toEqual({ value: 0.75, isCurrent: true });
    // No change did it and none is blamed, and the kind of fault is of the right class: both sets are all right by their own rules.
    expect([measured.rootCauseBench.value, measured.opensre.value]).toEqual([4, 4]);
    // 9 of 12 by entity and 8 of 8: 17 of 20, whose Wilson interval begins at 0.640 (Wilson 1927: (0.85 + 0.096 - 1.96 sqrt(0.006375 + 0.0024)) / 1.192).
    expect(measured.pooled.value).toBeCloseTo(0.64, 3);
    expect(measured.strict.value).toBeCloseTo(17 / 20, 12);
    // 3 of the 20, and the one healthy time.
    expect(measured.wrong.value).toBeCloseTo(4 / 21, 12);
    expect(measured.blamed.value).toBeCloseTo(1 / 8, 12);
    // All say 0.75, and 17 of 21 are right.
    expect(measured.statedError.value).toBeCloseTo(17 / 21 - 0.75, 12);
    const brier = (17 * 0.25 ** 2 + 4 * 0.75 ** 2) / 21;
    expect(measured.statedBrier.value).toBeCloseTo(brier / ((17 / 21) * (4 / 21)), 12);
    expect(judgeGates(gates.rca, measured).isHeld).toBe(false);
  });

  test('a set that another version answered decides none of the gates that it belongs to', () => {
    const older = all.map((one) =>
      one.set.name === 'petshop' ? { ...one, answered: { version: 'v1', on: null } } : one,
    );
    const measured = measureGates(older, 'v2');
    const isOld = Object.entries(measured).flatMap(([name, { isCurrent }]) =>
      isCurrent ? [] : [name],
    );
    expect(isOld).toEqual([
      ...['petshopFirst', 'petshopThree', 'pooled', 'strict', 'wrong'],
      ...['statedError', 'statedBrier', 'fittedError', 'fittedBrier'],
    ]);
    const told = describeRca(older, 'v2');
    expect(told).toContain('by `v1`, another version of the policies, on a day that was not kept');
    expect(told).toContain('by `v2`, the policies as they are, on 2026-11-29: Nezha, Online');
  });

  test('without the answers of a set there is nothing to decide', () => {
    const some = all.filter(({ set }) => set.name !== 'healthy-petshop');
    const measured = measureGates(some, 'v2');
    expect([measured.blamed.value, measured.wrong.value, measured.strict.value]).toEqual([
      ...[null, null, 17 / 20],
    ]);
  });
});

describe('what is known of stored answers', () => {
  const kept = (changes: object) => ({
    ...{ case: { name: 'one' } as BenchCase, traits: null, report: {} },
    ...changes,
  });

  test('the version is the one that was kept with them, else what their reports say, and unknown where they differ', () => {
    const said = { report: { policyVersion: 'v1' } };
    expect(versionOf([kept({ policyVersion: 'v2', ...said }), kept({ policyVersion: 'v2' })])).toBe(
      'v2',
    );
    expect(versionOf([kept(said), kept(said)])).toBe('v1');
    expect(versionOf([kept(said), kept({ policyVersion: 'v2' })])).toBeNull();
    expect(versionOf([kept({})])).toBeNull();
  });

  test('the day is that of the last, and unknown where one has none', () => {
    const on = (answeredAt: string) => kept({ answeredAt });
    expect(dayOf([on('2026-11-29T23:59:00Z'), on('2026-11-30T00:10:00Z')])).toBe('2026-11-30');
    expect(dayOf([on('2026-11-29T23:59:00Z'), kept({})])).toBeNull();
  });
});
