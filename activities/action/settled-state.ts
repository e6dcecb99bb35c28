import type { IntentRow } from '../../store/store.ts';

/** What is known of a write that may have left. */
export type SettledState = 'applied' | 'not-applied' | 'unknown';

/** Says what an intent row makes certain; one that is not settled makes nothing certain. */
export function settledState(intent: IntentRow | null): SettledState {
  if (intent?.state === 'applied') return 'applied';
  if (intent?.state === 'rejected' || intent?.state === 'not-applied') return 'not-applied';
  return 'unknown';
}
