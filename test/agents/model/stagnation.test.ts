import { expect, test } from '@jest/globals';
import { hasStagnated } from '../../../agents/model/stagnation.ts';
import type { ObservedCall } from '../../../core/ports/policy.ts';

const shop = { kind: 'service' as const, name: 'shop' };

/** One call that showed shifts of these names; null where it failed. */
const showed = (names: readonly string[] | null): ObservedCall => {
  const observations = names?.map((name) => ({ entity: shop, aspect: 'duration', name }));
  const digest = { observations, dependencies: [], changes: [] };
  return { observed: names === null ? { ok: false } : { ok: true, digest } } as never;
};

test('two rounds that show nothing new are idle, and one with something is not', () => {
  const first = [showed(['GET /']), showed(['POST /'])];
  expect(hasStagnated(first, [])).toBe(false);
  expect(hasStagnated([...first, showed(['GET /'])], [2])).toBe(false);
  expect(hasStagnated([...first, showed(['GET /']), showed(null)], [2, 3])).toBe(true);
  expect(hasStagnated([...first, showed(['PUT /']), showed([])], [2, 3])).toBe(false);
  expect(hasStagnated([...first, showed(['PUT /']), showed([]), showed([])], [2, 3, 4])).toBe(true);
});

test('dependencies and changes are something to see', () => {
  const rate = { from: shop, to: { kind: 'database', name: 'ledger' }, calls: 3 };
  const digest = { observations: [], dependencies: [rate], changes: [] };
  const linked = { observed: { ok: true, digest } } as unknown as ObservedCall;
  expect(hasStagnated([showed(['GET /']), linked], [1, 1])).toBe(false);
  expect(hasStagnated([linked, linked], [1, 1])).toBe(true);
  const changed = { ...digest, dependencies: [], changes: [{ id: 'r-2' }] };
  const deployed = { observed: { ok: true, digest: changed } } as unknown as ObservedCall;
  expect(hasStagnated([linked, deployed], [1, 1])).toBe(false);
});
