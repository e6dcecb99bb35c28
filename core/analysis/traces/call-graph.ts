import type { Dependency } from '../../schemas/digest.ts';
import type { Entity } from '../../schemas/primitives.ts';
import type { CallFact, OperationFact } from './trace-facts.ts';

interface Counted {
  readonly from: Entity;
  readonly to: Entity;
  calls: number;
}

/** Counts calls caller → callee, most calls first, ties by name. A service that calls itself is left out. O(n). */
export function callGraph(calls: readonly CallFact[]): readonly Dependency[] {
  const found = new Map<string, Map<string, Counted>>();
  for (const { service, peer } of calls) {
    if (peer.kind === 'service' && peer.name === service) continue;
    const known = found.get(service);
    const callees = known ?? new Map<string, Counted>();
    if (known === undefined) found.set(service, callees);
    const callee = `${peer.kind} ${peer.name}`;
    const edge = callees.get(callee);
    if (edge !== undefined) edge.calls += 1;
    else
      callees.set(callee, { from: { kind: 'service', name: service }, to: { ...peer }, calls: 1 });
  }
  const nameOf = ({ from, to }: Dependency): string =>
    JSON.stringify([from.name, to.kind, to.name]);
  return [...found.values()]
    .flatMap((callees) => [...callees.values()])
    .sort((one, other) => other.calls - one.calls || (nameOf(one) < nameOf(other) ? -1 : 1));
}

/**
 * Returns the service through which users come in: of those that no other service calls, the one that serves most; of all, where everyone is
 * called by someone. Ties break by name; null when nobody serves anything.
 */
export function entryService(
  operations: readonly OperationFact[],
  dependencies: readonly Dependency[],
): string | null {
  const served = new Map<string, number>();
  for (const { service } of operations) served.set(service, (served.get(service) ?? 0) + 1);
  const called = new Set(
    dependencies.filter(({ to }) => to.kind === 'service').map(({ to }) => to.name),
  );
  const all = [...served].map(([service, count]) => ({ service, count }));
  const uncalled = all.filter(({ service }) => !called.has(service));
  const best = (uncalled.length > 0 ? uncalled : all).reduce<(typeof all)[number] | null>(
    (most, one) =>
      most === null ||
      one.count > most.count ||
      (one.count === most.count && one.service < most.service)
        ? one
        : most,
    null,
  );
  return best?.service ?? null;
}
