import type { Policy } from '../../core/ports/policy.ts';
import type { Brief } from '../../core/schemas/brief.ts';
import type { ToolCall } from '../../core/schemas/tool-call.ts';
import { presenceOf } from '../shared/coverage.ts';
import { createSpecialist } from '../shared/specialist.ts';
import { suspectConditions } from './suspect-conditions.ts';
import { suspectChanges } from './weigh-changes.ts';

/** What is worth a look at once, where it is there. */
const openCalls = [
  {
    kind: 'changes',
    tool: 'list-changes',
    input: {},
    because: 'what was deployed or configured before it began',
  },
  {
    kind: 'events',
    tool: 'list-events',
    input: {},
    because: 'what the platform says happened to the services and where they run',
  },
  {
    kind: 'state',
    tool: 'inspect-state',
    input: {},
    because: 'whether the services and what they run on stand as they should',
  },
  { kind: 'commands', tool: 'list-commands', input: {}, because: 'what people did meanwhile' },
] as const;

function runbookCall({ alert, entity }: Brief): ToolCall {
  return {
    tool: 'find-runbooks',
    input: { about: `${alert.title} ${entity?.name ?? ''}`.trim() },
    because: 'what people wrote down to do about such an alert',
  };
}

/** Whether to look: changes always, since that there are none is an answer; other kinds when a case holds them. */
function isThere(brief: Brief, kind: (typeof openCalls)[number]['kind']): boolean {
  return kind === 'changes' || presenceOf(brief, kind) === 'present';
}

/** Looks at every change around the onset first, then at what the nearest ones did to their services. */
export const changePolicy: Policy = createSpecialist({
  role: 'change',
  signal: 'changes',
  open: (brief) => [
    ...openCalls.flatMap(({ kind, ...call }) => (isThere(brief, kind) ? [call] : [])),
    ...(presenceOf(brief, 'runbooks') === 'present' ? [runbookCall(brief)] : []),
  ],
  suspect: (seen) => [...suspectChanges(seen), ...suspectConditions(seen)],
  deepen: ({ changes, brief }, standing) =>
    standing
      .flatMap(({ changeId }) => changes.find(({ id }) => id === changeId) ?? [])
      // Before the window there is nothing to compare with.
      .filter(({ at }) => at >= brief.window.startAt)
      .slice(0, 2)
      .map(({ id, service = '' }) => ({
        tool: 'inspect-change',
        input: { id },
        because: `whether ${service} changed right after it`.slice(0, 300),
      })),
});
