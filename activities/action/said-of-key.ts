import type { Action } from '../../core/schemas/action.ts';
import type { SettledState } from './settled-state.ts';

export interface Found {
  readonly state: SettledState | 'interrupted';
  readonly because: string;
}

/** What a target's answer says of the key of an action; by the contract of `/ops/*` a key that was broken off may be sent again. */
export function saidOfKey(action: Action, body: Readonly<Record<string, unknown>>): Found {
  const { key, state } = body;
  if (key !== undefined && key !== action.actionId) {
    return { state: 'unknown', because: 'the target answered for another key' };
  }
  if (state === 'applied') return { state, because: 'the target says so' };
  if (state === 'interrupted') {
    return { state, because: 'the target broke off before it applied anything' };
  }
  return { state: 'unknown', because: `the target says ${JSON.stringify(state ?? null)}` };
}
