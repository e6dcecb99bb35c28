import type { ObservedCall } from '../../core/ports/policy.ts';
import type { Brief } from '../../core/schemas/brief.ts';
import type { ToolCall } from '../../core/schemas/tool-call.ts';
import { errorPolicy, isErrorCode } from '../../core/errors.ts';
import { clip } from './clip.ts';

/** What makes two calls the same question: tool and arguments, whatever the order of the fields. */
export function callKey(call: Pick<ToolCall, 'tool' | 'input'>): string {
  return `${call.tool} ${canonical(call.input)}`;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join()}}`;
}

/** Leaves out calls that have been made already and repeats within the list, in order, `max` at most. */
export function onlyNew(
  calls: readonly ToolCall[],
  observations: readonly ObservedCall[],
  max: number,
): ToolCall[] {
  const made = new Set(observations.map(({ call }) => callKey(call)));
  const fresh: ToolCall[] = [];
  for (const call of calls) {
    const key = callKey(call);
    if (made.has(key)) continue;
    made.add(key);
    fresh.push(call);
  }
  return fresh.slice(0, max);
}

/** Tools whose range of services can be narrowed when a call was too much for the backend. */
const takesServices: ReadonlySet<string> = new Set(['scan-metrics', 'cluster-logs']);
const narrowTo = 4;

/**
 * Gives the calls with which those that failed in the latest round are tried once more: the same call where the backend was only busy or away, a
 * narrower one where the query was too much. A tool that has failed in an earlier round is left alone, and so is a refusal.
 */
export function correctedCalls(brief: Brief, observations: readonly ObservedCall[]): ToolCall[] {
  const latest = Math.max(0, ...observations.map(({ round }) => round));
  return observations.flatMap(({ observed, call, round }): ToolCall[] => {
    if (observed.ok || round !== latest || !isErrorCode(observed.code)) return [];
    const { retry, kind } = errorPolicy(observed.code);
    const hasFailedBefore = observations.some(
      (other) => !other.observed.ok && other.round < latest && other.call.tool === call.tool,
    );
    if (!retry || hasFailedBefore) return [];
    const because = clip(`again, after: ${observed.message}`, 300);
    const services = nearestServices(brief);
    const canNarrow = takesServices.has(call.tool) && services.length > 0;
    if (kind === 'timeout' && canNarrow) return [{ tool: call.tool, input: { services }, because }];
    return [{ ...call, because }];
  });
}

function nearestServices(brief: Brief): string[] {
  const first = brief.entity?.kind === 'service' ? [brief.entity.name] : [];
  return [...new Set([...first, ...brief.services])].slice(0, narrowTo);
}

/** Says in words which calls brought nothing back, one sentence a tool. */
export function failedCalls(
  observations: readonly ObservedCall[],
): readonly { readonly tool: string; readonly reason: string }[] {
  const byTool = new Map<string, string>();
  const answered = new Set(
    observations.flatMap(({ observed }) => (observed.ok ? [observed.tool] : [])),
  );
  for (const { observed, call } of observations) {
    if (observed.ok || answered.has(call.tool)) continue;
    byTool.set(call.tool, clip(`${call.tool} failed: ${observed.message}`, 300));
  }
  return [...byTool].map(([tool, reason]) => ({ tool, reason }));
}
