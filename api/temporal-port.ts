import type { DecideAction } from '../core/schemas/action.ts';
import type { InvestigationRow } from '../store/store.ts';

/**
 * What the API asks of Temporal. Every method ends within a deadline of seconds and rejects with `unavailable.temporal` when the server is away, does
 * not answer or refuses; nothing is repeated behind the caller's back for longer.
 */
export interface TemporalPort {
  /** Starts the workflow of an investigation; one that was started before, running or ended, counts as started. */
  startInvestigation(row: InvestigationRow): Promise<void>;
  /** Asks a running investigation to end. */
  cancelInvestigation(investigationId: string): Promise<'asked' | 'not-running'>;
  /** Brings a decision to the workflow of its action, which gets that of one grant once, however often it is brought. */
  signalDecision(
    actionId: string,
    grantId: string,
    signal: DecideAction,
  ): Promise<'delivered' | 'not-running'>;
  /** One cheap round trip. */
  ping(): Promise<void>;
}
