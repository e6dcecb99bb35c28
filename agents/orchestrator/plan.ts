import type { Brief } from '../../core/schemas/brief.ts';
import type { Plan } from '../../core/schemas/plan.ts';
import type { Specialist } from '../../core/schemas/roles.ts';
import { policies } from '../catalogue.ts';
import { clip } from '../shared/clip.ts';
import { gapOf, presenceOf, unknownCoverageKind } from '../shared/coverage.ts';
import { nameEntity } from '../shared/entity-key.ts';
import type { Voice } from '../shared/facts.ts';
import { formatInstant } from '../shared/timing.ts';

/** Which telemetry each specialist reads, and what it is asked; the choice of the squad is this table and the coverage. */
const squad: readonly {
  readonly role: Specialist;
  readonly signal: Voice;
  /** Other kinds of telemetry for which it is worth starting. */
  readonly also?: readonly string[];
  readonly ask: (brief: Brief) => string;
}[] = [
  {
    role: 'aggregation',
    signal: 'metrics',
    also: ['alerts'],
    ask: (brief) => `Which services' metrics left their usual range ${sinceOf(brief)}?`,
  },
  {
    role: 'trace',
    signal: 'traces',
    ask: (brief) =>
      `Where below ${whoOf(brief)} is time lost, or do errors arise, ${sinceOf(brief)}?`,
  },
  {
    role: 'log',
    signal: 'logs',
    ask: (brief) => `Which log lines are new, more frequent or missing ${sinceOf(brief)}?`,
  },
  {
    role: 'change',
    signal: 'changes',
    also: ['events', 'state', 'commands', 'runbooks'],
    ask: (brief) =>
      `What was changed before ${formatInstant(brief.suspected.latestAt)}, and did the changed service notice?`,
  },
];

/** Gives the kind of telemetry that a specialist of the plan reads. */
export function signalOf(role: Specialist): Voice | null {
  return squad.find((member) => member.role === role)?.signal ?? null;
}

/**
 * Chooses the specialists and their questions. One whose telemetry is not there is not started, and what it could have said is a stated gap; when
 * nobody could find out what is there, all are started and find out.
 */
export function planInvestigation(brief: Brief): Plan {
  const assignments: Plan['assignments'] = [];
  const gaps: Plan['gaps'] = [];
  const unknown = brief.coverage.find(({ kind }) => kind === unknownCoverageKind);
  if (unknown !== undefined) {
    const why = unknown.problem ?? 'no answer';
    gaps.push({
      signal: 'coverage',
      reason: clip(`What telemetry there is could not be found out: ${why}`, 300),
    });
  }
  for (const { role, signal, also, ask } of squad) {
    const presence = presenceOf(brief, signal);
    const reason = gapOf(brief, signal);
    if (reason !== null) gaps.push({ signal, reason: clip(reason, 300) });
    const isThere = (kind: string): boolean => presenceOf(brief, kind) === 'present';
    const isNeeded = presence === 'present' || presence === 'unknown' || (also ?? []).some(isThere);
    if (!isNeeded) continue;
    const calls = policies[role].open(brief).slice(0, 6);
    assignments.push({ role, question: clip(ask(brief), 300), calls });
  }
  return { assignments, gaps: gaps.slice(0, 10) };
}

function sinceOf({ suspected, symptomatic }: Brief): string {
  return symptomatic
    ? `since ${formatInstant(suspected.earliestAt)}`
    : `around ${formatInstant(suspected.latestAt)}`;
}

function whoOf({ entity }: Brief): string {
  return entity === null ? 'the entry' : nameEntity(entity);
}
