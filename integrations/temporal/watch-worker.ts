import type { InjectedSinks, WorkerInterceptors } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Tracing } from '../../core/ports/tracing.ts';
import type { TraceSinks } from '../../workflows/messages.ts';
import { logActivities } from './log-activities.ts';
import { traceActivities, traceWorkflows } from './trace-worker.ts';

/** Options of a worker, by which is seen what it does. */
export interface WorkerWatch {
  readonly interceptors: WorkerInterceptors;
  readonly sinks: InjectedSinks<TraceSinks>;
}

/** Makes them; a trace comes and goes with workflows and activities under the name `header`. */
export function watchWorker(of: {
  readonly tracing: Tracing;
  readonly logger: Pick<Logger, 'debug' | 'warn'>;
  readonly header: string;
}): WorkerWatch {
  return {
    // What is logged of an activity belongs to its span.
    interceptors: { activity: [traceActivities(of.tracing, of.header), logActivities(of.logger)] },
    sinks: traceWorkflows(of.tracing),
  };
}
