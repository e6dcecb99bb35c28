import { AppError } from '../core/errors.ts';
import type { InvestigationRow, Store } from '../store/store.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** Gives the stored request of an investigation. Rejects with `not-found.investigation`. */
export async function requireInvestigation(store: Store, id: string): Promise<InvestigationRow> {
  const row = await store.investigations.get(id);
  if (row === null) throw new AppError('not-found.investigation', `no investigation ${id}`);
  return row;
}

/** Gives the case folder that an investigation reads: the one that was asked for, or its snapshot of what was received. */
export function caseDirOf(
  row: InvestigationRow,
  { snapshots }: Pick<ActivityDependencies, 'snapshots'>,
): string {
  return row.caseDir ?? snapshots.dirOf(row.id);
}
