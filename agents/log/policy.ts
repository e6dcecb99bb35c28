import type { Policy } from '../../core/ports/policy.ts';
import { createSpecialist } from '../shared/specialist.ts';
import { suspectTemplates } from './read-templates.ts';

/** Looks at the templates of all logs first, then reads the lines of the services whose templates shifted most. */
export const logPolicy: Policy = createSpecialist({
  role: 'log',
  signal: 'logs',
  open: () => [
    {
      tool: 'cluster-logs',
      input: {},
      because: 'which messages are new, more frequent or missing since it began',
    },
  ],
  suspect: suspectTemplates,
  deepen: (_seen, standing) =>
    standing
      .filter(({ entity }) => entity.kind === 'service')
      .slice(0, 2)
      .map(({ entity }) => ({
        tool: 'read-log-lines',
        input: { service: entity.name, severityAtLeast: 'warn' },
        because: `what ${entity.name} itself says went wrong`.slice(0, 300),
      })),
});
