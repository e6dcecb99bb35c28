import type { Investigation } from '../../../core/schemas/investigation.ts';

/** How an outcome is said, and how it is coloured: as news that needs someone, as all clear, or as open. */
export interface Outcome {
  readonly label: string;
  readonly tone: 'bad' | 'good' | 'open' | 'running';
}

/** Says in two or three words how an investigation stands. */
export function outcomeOf({ status, verdict }: Pick<Investigation, 'status' | 'verdict'>): Outcome {
  switch (status) {
    case 'accepted':
      return { label: 'About to begin', tone: 'running' };
    case 'running':
      return { label: 'Investigating', tone: 'running' };
    case 'cancelled':
      return { label: 'Cancelled', tone: 'open' };
    case 'failed':
      return { label: 'Failed', tone: 'open' };
    case 'completed':
      return outcomeOfVerdict(verdict);
  }
}

function outcomeOfVerdict(verdict: Investigation['verdict']): Outcome {
  switch (verdict) {
    case 'cause-found':
      return { label: 'Cause found', tone: 'bad' };
    case 'no-cause-found':
      return { label: 'No cause found', tone: 'good' };
    case 'inconclusive':
    case null:
      return { label: 'Inconclusive', tone: 'open' };
  }
}
