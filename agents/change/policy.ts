import type { Policy } from '../../core/ports/policy.ts';
import { createSpecialist } from '../shared/specialist.ts';
import { suspectChanges } from './weigh-changes.ts';

/** Looks at every change around the onset first, then at what the nearest ones did to their services. */
export const changePolicy: Policy = createSpecialist({
  role: 'change',
  signal: 'changes',
  open: () => [
    {
      tool: 'list-changes',
      input: {},
      because: 'what was deployed or configured before it began',
    },
  ],
  suspect: suspectChanges,
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
