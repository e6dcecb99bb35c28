import { defaultPayloadConverter } from '@temporalio/common';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import type { WorkflowInfo } from '@temporalio/workflow';
import type { SpanAttributes, Tracing } from '../../core/ports/tracing.ts';
import { genAi } from '../../core/tracing/gen-ai.ts';
import { knownAttributes } from '../../core/tracing/known-attributes.ts';
import type { TraceSinks, WorkflowSpan } from '../../workflows/messages.ts';

/** What a worker is given so that it traces what it runs. */
export interface WorkerTracing {
  readonly activity: ActivityInterceptorsFactory;
  readonly sinks: InjectedSinks<TraceSinks>;
}

/** What our inputs say of themselves; anything may be missing. */
interface Told {
  readonly investigationId?: unknown;
  readonly role?: unknown;
  readonly round?: unknown;
  readonly stepKey?: unknown;
  readonly call?: { readonly tool?: unknown };
}

/** Makes spans of activities and of workflows that have ended, in the trace that came with them under the name `header`. */
export function traceWorker(tracing: Tracing, header: string): WorkerTracing {
  return {
    activity: ({ info }) => ({
      inbound: {
        execute: ({ args, headers }, next) => {
          const payload = headers[header];
          const parent =
            payload === undefined ? null : defaultPayloadConverter.fromPayload<string>(payload);
          const attributes = {
            ...told(args[0]),
            'holdfast.activity': info.activityType,
            'holdfast.workflow.id': info.workflowExecution?.workflowId,
            'holdfast.attempt': info.attempt,
          };
          const start = { ...named(info.activityType, args[0]), parent };
          return tracing.inSpan(
            { ...start, attributes: knownAttributes({ ...start.attributes, ...attributes }) },
            () => next({ args, headers }),
          );
        },
      },
    }),
    sinks: {
      tracing: { workflowEnded: { fn: (info, span) => recordWorkflow(tracing, info, span) } },
    },
  };
}

/** A tool call is named as the conventions say; the other steps bear the name that they have in history. */
function named(activityType: string, input: unknown) {
  const tool = (input as Told | undefined)?.call?.tool;
  return typeof tool === 'string'
    ? {
        name: `execute_tool ${tool}`,
        kind: 'internal' as const,
        attributes: { [genAi.operation]: 'execute_tool', [genAi.tool]: tool },
      }
    : { name: activityType, kind: 'internal' as const, attributes: {} };
}

function recordWorkflow(tracing: Tracing, info: WorkflowInfo, span: WorkflowSpan): void {
  const { input, ...rest } = span;
  const { workflowType, workflowId, runId } = info;
  const role = (input as Told | undefined)?.role;
  const agent =
    typeof role === 'string'
      ? { [genAi.operation]: 'invoke_agent', [genAi.agent]: role }
      : { [genAi.operation]: 'invoke_workflow', [genAi.workflow]: workflowType };
  tracing.record({
    ...rest,
    name: typeof role === 'string' ? `invoke_agent ${role}` : `invoke_workflow ${workflowType}`,
    kind: 'internal',
    attributes: knownAttributes({
      ...agent,
      ...told(input),
      'holdfast.workflow.type': workflowType,
      'holdfast.workflow.id': workflowId,
      'holdfast.workflow.run_id': runId,
    }),
  });
}

/** What people look for: of which investigation, who, in which round. */
function told(input: unknown): Readonly<Record<string, SpanAttributes[string] | undefined>> {
  const { investigationId, role, round, stepKey } = (input ?? {}) as Told;
  return {
    'holdfast.investigation.id': asText(investigationId),
    'holdfast.role': asText(role),
    'holdfast.round': typeof round === 'number' ? round : undefined,
    'holdfast.step': asText(stepKey),
  };
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
