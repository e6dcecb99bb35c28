import {
  Client,
  Connection,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  isGrpcServiceError,
} from '@temporalio/client';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import type { TemporalPort } from '../../api/temporal-port.ts';
import { AppError } from '../../core/errors.ts';
import type { TemporalConnection } from '../../core/temporal-connection.ts';
import type { InvestigationRow } from '../../store/store.ts';
import { retryCalls } from './retry-calls.ts';
import { signalOnce } from './signal-once.ts';

/** Everything that starting a workflow takes; `workflows/messages.ts` knows it for each of ours. */
export interface WorkflowStart {
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly workflowId: string;
  readonly args: readonly unknown[];
  readonly staticSummary?: string;
  readonly staticDetails?: string;
  readonly searchAttributes?: readonly SearchAttributePair[];
  readonly memo?: Readonly<Record<string, unknown>>;
}

export interface TemporalClientOptions {
  readonly address: string;
  /** TLS and API key; neither unless told. */
  readonly access?: TemporalConnection<Buffer>;
  readonly namespace: string;
  /** Who we are, in histories. */
  readonly identity: string;
  readonly investigationStart: (row: InvestigationRow) => WorkflowStart;
  readonly decisionSignalName: string;
  readonly interceptors?: readonly WorkflowClientInterceptor[];
  /** Longest time of one call, retries included. */
  readonly deadlineMs?: number;
}

export interface TemporalClient extends TemporalPort {
  /** For whatever else is asked of the same server; its calls have no deadline of their own. */
  readonly client: Client;
  close(): Promise<void>;
}

/** INVALID_ARGUMENT and RESOURCE_EXHAUSTED of gRPC. */
const refusals: ReadonlySet<number> = new Set([3, 8]);
const defaultDeadlineMs = 5_000;
/** gRPC would wait up to two minutes before it tries to connect again. */
const reconnect = {
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.min_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 2_000,
};

/**
 * Makes what the API asks of Temporal. Connects with the first call and again by itself when the server comes back; nothing is sent before.
 */
export function createTemporalClient(options: TemporalClientOptions): TemporalClient {
  const { address, namespace, deadlineMs = defaultDeadlineMs } = options;
  const connection = Connection.lazy({
    ...{ address, ...options.access },
    channelArgs: reconnect,
    interceptors: retryCalls(),
  });
  const client = new Client({
    ...{ connection, namespace, identity: options.identity },
    interceptors: { workflow: [...(options.interceptors ?? [])] },
  });

  async function call<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await connection.withDeadline(Date.now() + deadlineMs, work);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) throw error;
      if (error instanceof WorkflowExecutionAlreadyStartedError) throw error;
      throw new AppError(
        isRefusal(error) ? 'rate-limited.backend' : 'unavailable.temporal',
        `Temporal at ${address} could not ${what}: ${reasonOf(error)}`,
        { cause: error },
      );
    }
  }

  return {
    client,
    startInvestigation: async (row) => {
      const start = options.investigationStart(row);
      await call(`start ${start.workflowId}`, () => startWorkflow(client, start)).catch(
        unlessStarted,
      );
    },
    cancelInvestigation: (investigationId) =>
      call(`cancel ${investigationId}`, async () => {
        await client.workflow.getHandle(investigationId).cancel();
        return 'asked' as const;
      }).catch(unlessGone),
    signalDecision: (actionId, grantId, signal) =>
      call(`signal ${actionId}`, async () => {
        await signalOnce(client, {
          workflowId: actionId,
          name: options.decisionSignalName,
          requestId: grantId,
          argument: signal,
        });
        return 'delivered' as const;
      }).catch(unlessGone),
    ping: async () => {
      await call('say how it is', () => connection.workflowService.getSystemInfo({}));
    },
    close: () => connection.close(),
  };
}

async function startWorkflow(client: Client, start: WorkflowStart): Promise<void> {
  const { workflowType, args, staticSummary, staticDetails, searchAttributes, memo } = start;
  await client.workflow.start(workflowType, {
    taskQueue: start.taskQueue,
    workflowId: start.workflowId,
    args: [...args],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    ...(staticSummary === undefined ? {} : { staticSummary }),
    ...(staticDetails === undefined ? {} : { staticDetails }),
    ...(searchAttributes === undefined ? {} : { typedSearchAttributes: [...searchAttributes] }),
    ...(memo === undefined ? {} : { memo: { ...memo } }),
  });
}

function unlessStarted(error: unknown): void {
  if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
}

/** Temporal answers so for a workflow that never was and for one that has ended. */
function unlessGone(error: unknown): 'not-running' {
  if (error instanceof WorkflowNotFoundError) return 'not-running';
  throw error;
}

/** The server answers, but takes no more of this: a workflow has a limit of signals, a namespace one of requests. Others are served all the same. */
function isRefusal(error: unknown): boolean {
  if (isGrpcServiceError(error)) return refusals.has(error.code);
  return error instanceof Error && error.cause !== undefined && isRefusal(error.cause);
}

/** The innermost cause says most: the outer ones say that a call failed. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  return 'details' in error && typeof error.details === 'string' && error.details !== ''
    ? error.details
    : error.message;
}
