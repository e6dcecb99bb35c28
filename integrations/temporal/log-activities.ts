import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Logger } from 'pino';

/** Logs each attempt of an activity when it is over: quietly when it went well. To be put inside of what traces it, so that lines and spans are joined. */
export function logActivities(logger: Pick<Logger, 'debug' | 'warn'>): ActivityInterceptorsFactory {
  return ({ info }) => ({
    inbound: {
      execute: async (input, next) => {
        const beganAt = performance.now();
        const facts = (): object => ({
          ...investigationOf(input.args[0]),
          activity: info.activityType,
          workflowId: info.workflowExecution?.workflowId,
          attempt: info.attempt,
          durationMs: Math.round(performance.now() - beganAt),
        });
        try {
          const result = await next(input);
          logger.debug(facts(), 'activity done');
          return result;
        } catch (error) {
          logger.warn({ ...facts(), err: error }, 'activity failed');
          throw error;
        }
      },
    },
  });
}

function investigationOf(input: unknown): object {
  const { investigationId } = (input ?? {}) as { readonly investigationId?: unknown };
  return typeof investigationId === 'string' ? { investigationId } : {};
}
