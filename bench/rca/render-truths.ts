import type { BenchCase } from './bench-case.ts';

const head = 'case,verdict,entity_kind,entity_names,fault_kind,change_id,onset';

/** The right answers as `truth.csv`, for `holdfast score` and other scorers. */
export function renderTruths(cases: readonly BenchCase[]): string {
  const rows = cases.map(({ name, entityNames, culprit, onset }) => {
    const verdict = entityNames.length > 0 ? 'cause-found' : 'no-cause-found';
    const cells = [name, verdict, '', entityNames.join('|'), '', culprit ?? '', onset ?? ''];
    return cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
  });
  return [head, ...rows, ''].join('\n');
}
