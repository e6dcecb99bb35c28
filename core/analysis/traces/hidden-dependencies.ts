import type { Relation } from '../../ports/telemetry.ts';
import type { Dependency } from '../../schemas/digest.ts';

/** A dependency of which the traces tell and something else does not. */
export interface HiddenDependency extends Dependency {
  /** Its callee sent no spans: all that is known of it is what its callers say. */
  readonly isSilent: boolean;
  /** A topology was written down, and does not name it. */
  readonly isUndeclared: boolean;
}

/**
 * Finds the dependencies that are easily overlooked: those seen only from their callers, and those that nobody wrote down. `reporting` are the services that sent spans; `declared` is the
 * topology that was written down, null where there is none or not all of it is known. Names are compared without regard to case, and kinds not at all: what one calls a database another calls a
 * service. Keeps the order of `dependencies`. O(n).
 */
export function hiddenDependencies(
  dependencies: readonly Dependency[],
  {
    reporting,
    declared,
  }: { readonly reporting: ReadonlySet<string>; readonly declared: readonly Relation[] | null },
): readonly HiddenDependency[] {
  const calls = declared?.filter(({ kind }) => kind === 'call') ?? [];
  const known = new Set(calls.map(edgeOf));
  return dependencies
    .map((one) => ({
      ...one,
      isSilent: one.to.kind !== 'service' || !reporting.has(one.to.name),
      isUndeclared: known.size > 0 && !known.has(edgeOf(one)),
    }))
    .filter(({ isSilent, isUndeclared }) => isSilent || isUndeclared);
}

const edgeOf = ({ from, to }: Pick<Relation, 'from' | 'to'>): string =>
  JSON.stringify([from.name.toLowerCase(), to.name.toLowerCase()]);
