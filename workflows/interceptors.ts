import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import { ContinueAsNew, proxySinks, workflowInfo } from '@temporalio/workflow';
import type { WorkflowInterceptors } from '@temporalio/workflow';
import { formatTraceParent, parseTraceParent } from '../core/tracing/trace-parent.ts';
import { traceHeader } from './messages.ts';
import type { TraceSinks } from './messages.ts';

type Headers = Readonly<Record<string, Payload>>;

/** Of a run id, the digits that are drawn by chance. */
const spanIdLength = 16;

/**
 * Carries the trace of whoever started a workflow on to its activities and children. The workflow's own span has an id made of its run id, so that it is the
 * same in a replay; when it ends, the worker is told of it outside of the sandbox. Without a trace nothing is added to history.
 */
export function interceptors(): WorkflowInterceptors {
  let around: string | null = null;
  let own: string | null = null;
  const { tracing } = proxySinks<TraceSinks>();

  return {
    inbound: [
      {
        execute: async (input, next) => {
          around = read(input.headers);
          own = around === null ? null : within(around);
          if (around === null || own === null) return next(input);
          const parent = around;
          const end = (errorType: string | null): void =>
            tracing.workflowEnded({
              parent,
              spanId: parseTraceParent(own ?? '')?.spanId ?? '',
              startedAt: workflowInfo().startTime.getTime(),
              endedAt: Date.now(),
              input: input.args[0],
              errorType,
            });
          try {
            const result = await next(input);
            end(null);
            return result;
          } catch (error) {
            end(error instanceof ContinueAsNew ? null : errorTypeOf(error));
            throw error;
          }
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(carrying(own, input)),
        startChildWorkflowExecution: (input, next) => next(carrying(own, input)),
        continueAsNew: (input, next) => next(carrying(around, input)),
      },
    ],
  };
}

function read(headers: Headers): string | null {
  const payload = headers[traceHeader];
  if (payload === undefined) return null;
  const text = defaultPayloadConverter.fromPayload<unknown>(payload);
  return typeof text === 'string' ? text : null;
}

/** The `traceparent` of a span of this run; null when what came is none. */
function within(parent: string): string | null {
  const parsed = parseTraceParent(parent);
  const spanId = workflowInfo().runId.replaceAll('-', '').slice(-spanIdLength);
  return parsed === null ? null : formatTraceParent({ ...parsed, spanId });
}

function carrying<Input extends { readonly headers: Headers }>(
  parent: string | null,
  input: Input,
): Input {
  if (parent === null) return input;
  const payload = defaultPayloadConverter.toPayload(parent);
  return { ...input, headers: { ...input.headers, [traceHeader]: payload } };
}

function errorTypeOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
