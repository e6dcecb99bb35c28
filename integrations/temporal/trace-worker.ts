import { defaultPayloadConverter } from '@temporalio/common';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import type { WorkflowInfo } from '@temporalio/workflow';
import type { SpanAttributes, SpanStart, Tracing } from '../../core/ports/tracing.ts';
import { genAi } from '../../core/tracing/gen-ai.ts';
import { knownAttributes } from '../../core/tracing/known-attributes.ts';
import type { TraceSinks, WorkflowSpan } from '../../workflows/messages.ts';

/** What our inputs say of themselves; anything may be missing. */
interface Told {
  readonly investigationId?: unknown;
  readonly role?: unknown;
  readonly round?: unknown;
  readonly stepKey?: unknown;
  readonly call?: { readonly tool?: unknown };
}

/** Makes a span of each attempt of an activity, in the trace that came with it under the name `header`. */
export function traceActivities(tracing: Tracing, header: string): ActivityInterceptorsFactory {
  return ({ info }) => ({
    inbound: {
      execute: (input, next) => {
        const payload = input.headers[header];
        const { attributes, name } = named(info.activityType, input.args[0]);
        const start: SpanStart = {
          name,
          kind: 'internal',
          parent: payload === undefined ? null : defaultPayloadConverter.fromPayload(payload),
          attributes: knownAttributes({
            ...attributes,
            ...told(input.args[0]),
            'holdfast.activity': info.activityType,
            'holdfast.workflow.id': info.workflowExecution?.workflowId,
            'holdfast.attempt': info.attempt,
          }),
        };
        return tracing.inSpan(start, () => next(input));
      },
    },
  });
}

/** Takes what workflows tell of themselves when they end. */
export function traceWorkflows(tracing: Tracing): InjectedSinks<TraceSinks> {
  return {
    tracing: { workflowEnded: { fn: (info, span) => recordWorkflow(tracing, info, span) } },
  };
}

/** A tool call is named as the conventions say; the other steps bear the name that they have in history. */
function named(activityType: string, input: unknown) {
  const tool = (input as Told | undefined)?.call?.tool;
  return typeof tool === 'string'
    ? {
        name: `execute_tool ${tool}`,
        attributes: { [genAi.operation]: 'execute_tool', [genAi.tool]: tool },
      }
    : { name: activityType, attributes: {} };
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
