import { WorkflowNotFoundError, isGrpcServiceError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { defaultPayloadConverter, toPayloads } from '@temporalio/common';

/** NOT_FOUND of gRPC. */
const gone: ReadonlySet<number> = new Set([5]);

/**
 * Sends a signal of which the server takes one for each `requestId`, however often it is sent; the client's own method makes a new id every time. Rejects
 * with `WorkflowNotFoundError` when the workflow does not run.
 */
export async function signalOnce(
  client: Client,
  signal: {
    readonly workflowId: string;
    readonly name: string;
    readonly requestId: string;
    readonly argument: unknown;
  },
): Promise<void> {
  const { workflowId, name, requestId, argument } = signal;
  const { namespace, identity } = client.options;
  try {
    await client.workflowService.signalWorkflowExecution({
      namespace,
      identity,
      requestId,
      workflowExecution: { workflowId },
      signalName: name,
      input: { payloads: toPayloads(defaultPayloadConverter, argument) ?? [] },
    });
  } catch (error) {
    if (!isGrpcServiceError(error) || !gone.has(error.code)) throw error;
    throw new WorkflowNotFoundError(error.details, workflowId, undefined);
  }
}
