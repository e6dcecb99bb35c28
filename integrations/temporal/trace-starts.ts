import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Tracing } from '../../core/ports/tracing.ts';

/** Starts workflows within a span of their own, which goes with them under the name `header`. */
export function traceStarts(tracing: Tracing, header: string): WorkflowClientInterceptor {
  return {
    startWithDetails: (input, next) =>
      tracing.inSpan(
        {
          name: `start ${input.workflowType}`,
          kind: 'producer',
          attributes: { 'holdfast.workflow.id': input.options.workflowId },
        },
        () => {
          const current = tracing.current();
          if (current === null) return next(input);
          const headers = { [header]: defaultPayloadConverter.toPayload(current) };
          return next({ ...input, headers: { ...input.headers, ...headers } });
        },
      ),
  };
}
