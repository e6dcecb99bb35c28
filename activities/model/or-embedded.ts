import { AppError, isAppError } from '../../core/errors.ts';
import { isWorthRetrying } from './outages.ts';
import type { FallbackReason, ReasonedBy } from './use-model.ts';

/**
 * Lets a model decide, or the embedded policy where the model has failed often enough, may not be asked or cannot be understood. A failure that may pass is
 * thrown on while there are attempts and time, for the step to be tried again. Where a model is required nothing else decides: the step then fails for good.
 */
export async function orEmbedded<Result>(
  so: {
    readonly attempt: number;
    readonly signal: AbortSignal;
    readonly endsAt: number;
    readonly isRequired: boolean;
    readonly now: () => number;
  },
  byModel: () => Promise<Result>,
  embedded: (reasonedBy: ReasonedBy) => Result,
): Promise<Result> {
  try {
    return await byModel();
  } catch (error) {
    const reason = isAppError(error) ? reasonOf(error) : null;
    if (so.signal.aborted || !isAppError(error) || reason === null) throw error;
    const { attempt, endsAt } = so;
    if (isWorthRetrying(error, { attempt, now: so.now(), endsAt })) throw error;
    if (so.isRequired) {
      const { code, message, details } = error;
      throw new AppError(code, message, { cause: error, details: { ...details, isFinal: true } });
    }
    const says = `${error.code}: ${error.message}`.slice(0, 300);
    return embedded({ fallback: { because: reason, says }, ...countsOf(error) });
  }
}

/** What an error knows of the exchanges before it. */
function countsOf({ details }: AppError): Omit<ReasonedBy, 'fallback'> {
  const { asks, repairs, refused } = details;
  return {
    asks: typeof asks === 'number' ? asks : 1,
    repairs: typeof repairs === 'number' ? repairs : 0,
    refused: Array.isArray(refused) ? refused.map(String) : [],
    dropped: 0,
  };
}

function reasonOf({ code }: AppError): FallbackReason | null {
  switch (code) {
    case 'budget-exceeded.model':
      return 'budget';
    case 'model-output.schema':
      return 'model-output';
    case 'rate-limited.model':
    case 'unavailable.model':
    case 'timeout.model':
    case 'forbidden.model':
    case 'invalid.model-request':
      return 'outage';
    default:
      return null;
  }
}
