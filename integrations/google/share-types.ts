import type { ReadRows } from './call.ts';
import type { MetricType } from './read-metrics.ts';

/**
 * Takes at most `most` metric types of those found under each prefix, one of each in turn, so that none with few is left out for one with many. A type that lies
 * under several prefixes counts once, under the first.
 */
export function shareTypes(
  found: readonly { readonly prefix: string; readonly types: readonly MetricType[] }[],
  most: number,
): ReadRows<MetricType> {
  const seen = new Set<string>();
  const lists = found.map(({ prefix, types }) => ({
    prefix,
    types: types.filter(({ type }) => !seen.has(type) && seen.add(type)),
  }));
  const longest = Math.max(0, ...lists.map(({ types }) => types.length));
  const rows: MetricType[] = [];
  let turn = 0;
  for (; turn < longest && rows.length < most; turn += 1) {
    for (const { types } of lists) rows.push(...types.slice(turn, turn + 1));
  }
  rows.splice(most);
  if (rows.length === seen.size) return { rows, left: null };
  const taken = new Set(rows.map(({ type }) => type));
  const cut = lists
    .map(
      ({ prefix, types }) => [prefix, types.filter(({ type }) => !taken.has(type)).length] as const,
    )
    .filter(([, count]) => count > 0)
    .map(([prefix, count]) => `${count} of ${prefix}`);
  return {
    rows,
    left: `${seen.size - most} of ${seen.size} metric types not read: ${cut.join(', ')}`,
  };
}
