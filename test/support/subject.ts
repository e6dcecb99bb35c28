import type { Report } from '../../core/schemas/report.ts';
import { caseOf } from './incidents.ts';
import { eventually, eventsOf, investigate, reportOf } from './line.ts';
import type { Line } from './line.ts';
import { badDeployVersion, keepLines, partLines, retellIncident } from './receive-incident.ts';
import { createTelemetryFlow } from './telemetry-flow.ts';
import type { TelemetryFlow } from './telemetry-flow.ts';

/** A moment of an investigation: the step whose record is held back, and the child workflow it runs in. */
export interface Moment {
  readonly phase: string;
  readonly stepKey: string;
  readonly child: '' | '/trace' | '/trace.again';
}

/** What is investigated while processes die. */
export interface Subject {
  readonly moments: readonly Moment[];
  /** The report of an investigation that nobody disturbed; made once. */
  undisturbed(): Promise<Report>;
  /** Starts an investigation and gives its id. */
  begin(): Promise<string>;
  /** What has to be the same whatever was killed. */
  answerOf(report: Report): unknown;
  /** Telemetry that goes on coming in; null for a recorded case. */
  readonly flow: TelemetryFlow | null;
}

/** What must be the same whatever was killed. */
export function verdictOf(report: Report): unknown {
  const { verdict, causes, ranking, chain } = report;
  return { verdict, causes, ranking, chain };
}

const first: readonly Moment[] = [
  { phase: 'scope', stepKey: 'scope', child: '' },
  { phase: 'plan', stepKey: 'plan', child: '' },
  { phase: 'observe', stepKey: 'trace.r1.observe.1', child: '/trace' },
  { phase: 'orient', stepKey: 'trace.r1.orient', child: '/trace' },
  { phase: 'decide', stepKey: 'trace.r1.decide', child: '/trace' },
];
const last: readonly Moment[] = [
  { phase: 'synthesise', stepKey: 'root-cause.r1.orient', child: '' },
  { phase: 'verify', stepKey: 'verify', child: '' },
  { phase: 'report', stepKey: 'report', child: '' },
];

/** The bundled bad deploy as a recorded case. */
export function recordedSubject(line: Line): Subject {
  const begin = (): Promise<string> => investigate(line, { case: caseOf('bad-deploy') });
  return {
    moments: [...first, ...last],
    undisturbed: once(async () => reportOf(line, await begin())),
    begin,
    answerOf: verdictOf,
    flow: null,
  };
}

const snapshot: Moment = { phase: 'snapshot', stepKey: 'snapshot', child: '' };
const again: readonly Moment[] = [
  { phase: 'second snapshot', stepKey: 'again.snapshot', child: '' },
  { phase: 'second scope', stepKey: 'again.scope', child: '' },
  { phase: 'second plan', stepKey: 'again.plan', child: '' },
  { phase: 'second observe', stepKey: 'trace.again.r1.observe.1', child: '/trace.again' },
  { phase: 'second decide', stepKey: 'trace.again.r1.decide', child: '/trace.again' },
];
/** Of the recording, what comes in while it is investigated. */
const flowsInMs = 25_000;

/**
 * The bundled bad deploy as telemetry that is received: most of it is there, and a piece more comes in once an investigation has taken its snapshot, so that
 * each has something new to see when it looks again.
 */
export async function liveSubject(line: Line): Promise<Subject> {
  const endAt = Date.now();
  const { alert, window, lines } = await retellIncident('bad-deploy', {
    endAt,
    versionOf: badDeployVersion,
  });
  const [there, coming] = partLines(lines, endAt - flowsInMs);
  await keepLines(line.stateDir, there, { openedAt: endAt - 130_000 });
  const flow = createTelemetryFlow(line, coming);
  const begin = (): Promise<string> => investigate(line, { alert, window });
  return {
    moments: [snapshot, ...first, ...again, ...last],
    undisturbed: once(async () => {
      const id = await begin();
      await feed(line, flow, id);
      return reportOf(line, id);
    }),
    begin,
    answerOf: gistOf,
    flow,
  };
}

/** When it was looked moves what was measured: it is the same cause by the same change. */
function gistOf({ verdict, causes }: Report): unknown {
  return {
    verdict,
    causes: causes.map(({ entity, faultKind, changeId }) => ({ entity, faultKind, changeId })),
  };
}

/** Sends a piece more once an investigation has taken its first snapshot. */
export async function feed(line: Line, flow: TelemetryFlow | null, id: string): Promise<void> {
  if (flow === null) return;
  await eventually('a snapshot', 300_000, async () =>
    (await eventsOf(line, id)).some(
      ({ type, stepKey }) => type === 'ended' && stepKey === 'snapshot',
    ),
  );
  await flow.send(1);
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null;
  return () => (made ??= make());
}
