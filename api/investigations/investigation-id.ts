import { z } from '../../core/schemas/z.ts';
import { AppError } from '../../core/errors.ts';
import type { InvestigationRow, Store } from '../../store/store.ts';

const idSchema = z
  .string()
  .min(1)
  .max(100)
  .meta({ description: 'The id of the investigation, as the answer to its start gave it.' });

/** The path parameter of everything below one investigation. */
export const investigationParams = z.object({ id: idSchema });

/** Gives an investigation, or rejects with `not-found.investigation`. */
export async function requireInvestigation(store: Store, id: string): Promise<InvestigationRow> {
  const row = await store.investigations.get(id);
  if (row !== null) return row;
  throw new AppError('not-found.investigation', `there is no investigation ${id}`);
}
