import type { DecideAction } from '../../../core/schemas/action.ts';
import { AppError } from '../../../core/errors.ts';
import type { TemporalPort } from '../../../api/temporal-port.ts';

export interface RecordingTemporal extends TemporalPort {
  /** Ids of the investigations started, each as often as it was asked for. */
  readonly started: readonly string[];
  readonly cancelled: readonly string[];
  readonly signals: readonly { readonly actionId: string; readonly signal: DecideAction }[];
  /** Calls that came while it was away. */
  readonly refused: () => number;
  /** Away, every call rejects as the real client does. */
  setAway(isAway: boolean): void;
  /** Whether the workflows of actions are there. */
  setActionsRunning(areRunning: boolean): void;
}

/** Stands where the client of Temporal does and notes what it was asked. */
export function createRecordingTemporal(): RecordingTemporal {
  const started: string[] = [];
  const cancelled: string[] = [];
  const signals: { actionId: string; signal: DecideAction }[] = [];
  let isAway = false;
  let areRunning = true;
  let refused = 0;
  const answer = async <T>(value: () => T): Promise<T> => {
    refused += isAway ? 1 : 0;
    if (isAway)
      throw new AppError('unavailable.temporal', 'Temporal at nowhere:1 could not answer');
    return value();
  };
  return {
    started,
    cancelled,
    signals,
    refused: () => refused,
    setAway: (away) => {
      isAway = away;
    },
    setActionsRunning: (running) => {
      areRunning = running;
    },
    startInvestigation: (row) => answer(() => void started.push(row.id)),
    cancelInvestigation: (id) =>
      answer(() => {
        if (!started.includes(id)) return 'not-running';
        cancelled.push(id);
        return 'asked';
      }),
    signalDecision: (actionId, _grantId, signal) =>
      answer(() => {
        if (!areRunning) return 'not-running';
        signals.push({ actionId, signal });
        return 'delivered';
      }),
    ping: () => answer(() => undefined),
  };
}
