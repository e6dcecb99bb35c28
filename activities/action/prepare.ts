import { isAppError } from '../../core/errors.ts';
import { isAsApproved, placeOf, requireAction } from './shared.ts';
import type { ActionDependencies, ActionIds, HashedInput } from './shared.ts';

/** Ends an action that nobody decided in time. */
export function expire(deps: ActionDependencies, input: ActionIds): Promise<null> {
  return deps.runStep(placeOf(input), 'nobody decided in time', async () => {
    await deps.store.actions.expire(input.actionId, deps.now());
    return { returned: null, text: 'expired: nobody decided in time, nothing was done' };
  });
}

/** Writes the intent as PREPARED, before anything can be sent. What may not be carried out ends here, as refused. */
export function prepare(
  deps: ActionDependencies,
  input: HashedInput,
): Promise<{ readonly allowed: boolean }> {
  const { actionId, planHash } = input;
  return deps.runStep<{ readonly allowed: boolean }>(
    placeOf(input),
    'writes the intent',
    async () => {
      const action = await requireAction(deps, actionId);
      if (!isAsApproved(action, planHash, deps.sha256Hex)) {
        const text = 'nothing is sent: the stored plan is not the one that was approved';
        return { returned: { allowed: false }, text };
      }
      try {
        await deps.store.actions.prepare({
          actionId,
          planHash,
          idempotencyKey: actionId,
          at: deps.now(),
        });
      } catch (error) {
        if (!isAppError(error) || error.code !== 'unsafe.denied') throw error;
        return { returned: { allowed: false }, text: `nothing is sent: ${error.message}` };
      }
      return { returned: { allowed: true }, text: 'intent prepared' };
    },
  );
}
