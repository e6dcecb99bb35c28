import type { ProgressEvent } from '../../../core/schemas/progress.ts';
import type { InvestigationPhase, OodaPhase, Role } from '../../../core/schemas/roles.ts';

export type StepState = 'running' | 'done' | 'failed';

/** One step as it stands after all that was told of it. */
export interface Step {
  readonly key: string;
  /** The phase of the loop; of the investigation where the step belongs to no loop. */
  readonly phase: OodaPhase | InvestigationPhase;
  readonly state: StepState;
  readonly text: string;
  readonly attempt: number;
  readonly evidenceIds: readonly string[];
}

/** One round of one member's loop; `isAsked` when another member has put a question. */
export interface Round {
  readonly key: string;
  readonly label: string;
  readonly isLoop: boolean;
  readonly steps: readonly Step[];
}

/** What one member of the squad does. */
export interface Lane {
  readonly role: Role;
  readonly rounds: readonly Round[];
  readonly state: 'waiting' | 'working' | 'done';
  /** What it said last. */
  readonly text: string;
  /** What it concluded; null before. */
  readonly conclusion: string | null;
}

const order: readonly Role[] = [
  'orchestrator',
  'change',
  'trace',
  'log',
  'aggregation',
  'root-cause',
  'verifier',
];

/** The phases of a loop, in order. */
export const loopPhases: readonly OodaPhase[] = ['observe', 'orient', 'decide', 'act'];

/** Reads off the events so far who has done what: a lane for each member, in the order of a run. */
export function lanesOf(events: readonly ProgressEvent[]): readonly Lane[] {
  const isOver = events.some(({ type }) => type === 'finished');
  return order.map((role) =>
    laneOf(
      role,
      events.filter((event) => event.role === role),
      isOver,
    ),
  );
}

function laneOf(role: Role, events: readonly ProgressEvent[], isOver: boolean): Lane {
  const rounds = roundsOf(events);
  const isRunning = rounds.some(({ steps }) => steps.some(({ state }) => state === 'running'));
  // What it found by itself stands; an answer to a question is not its finding.
  const own = events.filter(({ stepKey }) => (runOf(stepKey) ?? role) === role);
  const conclusion = own
    .map(({ data }) => data['conclusion'])
    .findLast((one) => typeof one === 'string');
  const isDone = isOver || (!isRunning && (conclusion !== undefined || role === 'verifier'));
  return {
    role,
    rounds,
    state: rounds.length === 0 ? 'waiting' : isDone ? 'done' : 'working',
    text: (isDone ? own : events).at(-1)?.text ?? '',
    conclusion: conclusion ?? null,
  };
}

function roundsOf(events: readonly ProgressEvent[]): readonly Round[] {
  const rounds = new Map<string, { label: string; isLoop: boolean; steps: Map<string, Step> }>();
  for (const event of events) {
    const { key, label, isLoop } = placeOf(event);
    const round = rounds.get(key) ?? { label, isLoop, steps: new Map<string, Step>() };
    rounds.set(key, round);
    round.steps.set(event.stepKey, stepOf(event, round.steps.get(event.stepKey)));
  }
  return [...rounds].map(([key, { label, isLoop, steps }]) => ({
    key,
    label,
    isLoop,
    steps: [...steps.values()],
  }));
}

/** The step keys of one run of a member begin alike; null where a step belongs to no loop. */
function runOf(stepKey: string): string | null {
  return /^(.*?)[.]r\d+[.]/.exec(stepKey)?.[1] ?? null;
}

/** A member may run again to answer a question, and then counts its rounds anew. */
function placeOf({ stepKey, role, round, phase, oodaPhase }: ProgressEvent) {
  const run = runOf(stepKey);
  if (run === null || oodaPhase === null) return { key: phase, label: phase, isLoop: false };
  const label = run === role ? `Round ${round}` : `Asked, round ${round}`;
  return { key: `${run} ${round}`, label, isLoop: true };
}

function stepOf(event: ProgressEvent, before: Step | undefined): Step {
  const { stepKey, oodaPhase, phase, text, attempt, data } = event;
  const cited = Array.isArray(data['evidenceIds']) ? data['evidenceIds'] : [];
  return {
    key: stepKey,
    phase: runOf(stepKey) === null ? phase : (oodaPhase ?? phase),
    // What has ended stays so: a late sign of an attempt that was given up changes nothing.
    state: before?.state === 'done' ? 'done' : stateOf(event.type),
    text,
    attempt,
    evidenceIds: [
      ...new Set([...(before?.evidenceIds ?? []), ...cited.filter((id) => typeof id === 'string')]),
    ],
  };
}

function stateOf(type: ProgressEvent['type']): StepState {
  switch (type) {
    case 'begun':
      return 'running';
    case 'failed':
      return 'failed';
    case 'ended':
    case 'note':
    case 'action':
    case 'finished':
      return 'done';
  }
}

/** How a phase of a round stands: all its steps together. Passed over is one that was not needed: a later one has begun. */
export function phaseState(
  { steps }: Round,
  phase: OodaPhase,
): StepState | 'waiting' | 'passed-over' {
  const own = steps.filter((step) => step.phase === phase);
  if (own.length === 0) {
    const later = loopPhases.slice(loopPhases.indexOf(phase) + 1);
    return steps.some((step) => later.some((one) => one === step.phase))
      ? 'passed-over'
      : 'waiting';
  }
  if (own.some(({ state }) => state === 'running')) return 'running';
  return own.every(({ state }) => state === 'failed') ? 'failed' : 'done';
}
