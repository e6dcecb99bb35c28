import { AppError } from '../../core/errors.ts';
import type { Action } from '../../core/schemas/action.ts';
import { z } from '../../core/schemas/z.ts';
import type { Store } from '../../store/store.ts';

/** The path parameter of everything about one action. */
export const actionParams = z.object({
  id: z.string().min(1).max(120).meta({ description: 'The id of the action: `act-...`.' }),
});

/** Gives an action, or rejects with `not-found.action`. */
export async function requireAction(store: Store, id: string): Promise<Action> {
  const action = await store.actions.get(id);
  if (action !== null) return action;
  throw new AppError('not-found.action', `there is no action ${id}`);
}
