import type { ProgressEvent } from '../../core/schemas/progress.ts';
import type { InvestigationPhase, OodaPhase, Role } from '../../core/schemas/roles.ts';
import { clean } from './clean.ts';

export type PhaseStatus = 'waiting' | 'running' | 'done';

/** One member of the squad within one phase. */
export interface RoleNode {
  readonly role: Role;
  /** Rounds seen so far, each with the OODA phases that were begun, in order. */
  readonly rounds: ReadonlyMap<number, readonly OodaPhase[]>;
  readonly text: string;
}

export interface PhaseNode {
  readonly phase: InvestigationPhase;
  readonly status: PhaseStatus;
  readonly roles: ReadonlyMap<Role, RoleNode>;
  readonly text: string;
}

/** What the live tree shows: phases in order, in each the members at work, of each the rounds. */
export interface ProgressTree {
  readonly phases: readonly PhaseNode[];
  readonly percent: number;
  readonly isFinished: boolean;
}

export const phaseTitles: Readonly<Record<InvestigationPhase, string>> = {
  scope: 'Scope',
  plan: 'Plan',
  'fan-out': 'Specialists',
  synthesise: 'Root cause',
  verify: 'Verify',
  remediate: 'Remediate',
  report: 'Report',
};
const order: readonly InvestigationPhase[] = [
  'scope',
  'plan',
  'fan-out',
  'synthesise',
  'verify',
  'remediate',
  'report',
];

export const emptyTree: ProgressTree = {
  phases: order.map((phase) => ({ phase, status: 'waiting', roles: new Map(), text: '' })),
  percent: 0,
  isFinished: false,
};

/**
 * Takes one event into the tree. A phase is done when a later one has begun, or the investigation has finished. What a live investigation does of earlier
 * phases before it looks again is told of the phase under way.
 */
export function growTree(tree: ProgressTree, event: ProgressEvent): ProgressTree {
  const isFinished = tree.isFinished || event.type === 'finished';
  const own = order.indexOf(event.phase);
  const reached = Math.max(own, lastBegun(tree));
  return {
    isFinished,
    percent: Math.max(tree.percent, event.percent),
    phases: tree.phases.map((node, index) => ({
      ...(index === own ? growPhase(node, event) : node),
      ...(index === reached && own < reached && { text: clean(event.text) }),
      status: isFinished || index < reached ? 'done' : index === reached ? 'running' : 'waiting',
    })),
  };
}

function lastBegun(tree: ProgressTree): number {
  return tree.phases.findLastIndex((node) => node.status !== 'waiting');
}

function growPhase(node: PhaseNode, event: ProgressEvent): PhaseNode {
  const text = clean(event.text);
  if (event.oodaPhase === null) return { ...node, text: text === '' ? node.text : text };
  const before = node.roles.get(event.role);
  const rounds = new Map(before?.rounds);
  const steps = rounds.get(event.round) ?? [];
  if (!steps.includes(event.oodaPhase)) rounds.set(event.round, [...steps, event.oodaPhase]);
  const roles = new Map(node.roles);
  roles.delete(event.role); // who spoke last stands last
  roles.set(event.role, { role: event.role, rounds, text });
  return { ...node, roles };
}

/** Writes a member's rounds on one line, e.g. `round 1: observe orient decide act · round 2: observe`. */
export function roundsText(node: RoleNode): string {
  return [...node.rounds]
    .toSorted(([a], [b]) => a - b)
    .map(([round, steps]) => `round ${round}: ${steps.join(' ')}`)
    .join(' · ');
}

/** Writes one event as one line, for where nothing can be redrawn. */
export function eventLine(event: ProgressEvent): string {
  const place = [
    event.role,
    ...(event.oodaPhase === null ? [] : [event.oodaPhase]),
    ...(event.round > 0 ? [`round ${event.round}`] : []),
  ].join(' · ');
  const again = event.attempt > 1 ? ` (attempt ${event.attempt})` : '';
  return `${String(event.percent).padStart(3)} %  ${phaseTitles[event.phase].padEnd(11)}  ${event.type.padEnd(8)}  ${place}${again}  ${clean(event.text)}`.trimEnd();
}
