import type { Client } from '@temporalio/client';
import type { Observed, ToolCall } from '../../core/schemas/tool-call.ts';
import type { Line } from './line.ts';

/** Makes calls of our choice on what a finished investigation looked at, as a specialist does that has these `tools`: by default those it calls. */
export async function callTools(
  { client, line, id }: { readonly client: Client; readonly line: Line; readonly id: string },
  name: string,
  calls: readonly Omit<ToolCall, 'because'>[],
  tools: readonly string[] = calls.map(({ tool }) => tool),
): Promise<readonly Observed[]> {
  const workflowId = `${id}/${name}`;
  await client.workflow.execute('runSpecialist', {
    workflowId,
    taskQueue: 'holdfast',
    args: [
      {
        investigationId: id,
        role: 'log',
        brief: { workflowId: id, stepKey: 'scope' },
        member: { rounds: 1, calls: 20, tools },
        deadlineAt: Date.now() + 60_000,
        ...{ phase: 'fan-out', prefix: name, question: 'what is there?', carriesOut: null },
        calls: calls.map((one) => ({ ...one, because: 'to see what comes back' })),
      },
    ],
  });
  const kept = await line.store.steps.results(
    calls.map((_, index) => ({ workflowId, stepKey: `${name}.r1.observe.${index + 1}` })),
  );
  return kept.map(({ result }) => (result as { readonly returned: Observed }).returned);
}
