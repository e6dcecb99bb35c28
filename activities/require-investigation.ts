import { AppError } from '../core/errors.ts';
import type { InvestigationRow, Store } from '../store/store.ts';

/** Gives the stored request of an investigation. Rejects with `not-found.investigation`. */
export async function requireInvestigation(store: Store, id: string): Promise<InvestigationRow> {
  const row = await store.investigations.get(id);
  if (row === null) throw new AppError('not-found.investigation', `no investigation ${id}`);
  return row;
}
