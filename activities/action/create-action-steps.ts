import { close } from './close.ts';
import { decide } from './decide.ts';
import type { DecideActionInput } from './decide.ts';
import type { ActionDependencies, ActionIds, HashedInput } from './shared.ts';
import { expire, prepare } from './prepare.ts';
import { readBack } from './read-back.ts';
import type { ReadBackInput } from './read-back.ts';
import { send } from './send.ts';

/**
 * Makes the activities `action.*`, the steps of the write protocol. Each is idempotent by memo; send and read-back run on the write queue with their
 * own credentials. The intent row outside history is what keeps a second send safe, also across resets of the workflow.
 */
export function createActionSteps(deps: ActionDependencies) {
  return {
    'action.decide': (input: DecideActionInput) => decide(deps, input),
    'action.expire': (input: ActionIds) => expire(deps, input),
    'action.prepare': (input: HashedInput) => prepare(deps, input),
    'action.send': (input: HashedInput) => send(deps, input),
    'action.read-back': (input: ReadBackInput) => readBack(deps, input),
    'action.close': (input: HashedInput) => close(deps, input),
  };
}
