import { expect, test } from '@jest/globals';
import { hiddenDependencies } from '../../../../core/analysis/traces/hidden-dependencies.ts';
import type { Relation } from '../../../../core/ports/telemetry.ts';
import type { Dependency } from '../../../../core/schemas/digest.ts';

const service = (name: string) => ({ kind: 'service' as const, name });
const dependencies: readonly Dependency[] = [
  { from: service('front'), to: service('orders'), calls: 90 },
  { from: service('orders'), to: { kind: 'database', name: 'vault' }, calls: 80 },
  { from: service('orders'), to: { kind: 'external', name: 'bank' }, calls: 7 },
];
const reporting = new Set(['front', 'orders']);
const relation = (from: string, to: string, kind: Relation['kind'] = 'call'): Relation => ({
  from: service(from),
  to: service(to),
  kind,
  protocol: null,
});

test('a callee without spans of its own is seen only from its callers', () => {
  const found = hiddenDependencies(dependencies, { reporting, declared: null });
  expect(found.map(({ to, isSilent, isUndeclared }) => [to.name, isSilent, isUndeclared])).toEqual([
    ['vault', true, false],
    ['bank', true, false],
  ]);
});

test('what is called but was not written down is undeclared, where anything was', () => {
  const declared = [relation('Front', 'orders'), relation('orders', 'vault')];
  const undeclaredOf = (relations: readonly Relation[]) =>
    hiddenDependencies(dependencies, { reporting, declared: relations })
      .filter(({ isUndeclared }) => isUndeclared)
      .map(({ to }) => to.name);
  expect(undeclaredOf(declared)).toEqual(['bank']);
  expect(undeclaredOf([])).toEqual([]);
  expect(undeclaredOf([relation('orders', 'node-1', 'runs-on')])).toEqual([]);
});
