import type { CaseRemark } from '../../core/schemas/case-check.ts';
import type { Coverage } from '../../core/schemas/digest.ts';
import { longestWindowMs } from '../../core/incident-window.ts';
import type { FoundCase } from './read-case.ts';
import { manifestName } from './read-case.ts';

const wanted = {
  metrics: 'Metrics show which resource ran out, and what users felt.',
  traces: 'Traces show where along the calls it arises; topology can stand in for who calls whom.',
  logs: 'Logs tell what the services themselves say went wrong.',
  changes: 'Deploys and configuration changes are what most incidents begin with.',
} as const;
const edgeShare = 0.1;

type Manifest = FoundCase['manifest'];

function gap(field: string, says: string, remedy: string): CaseRemark {
  return { level: 'gap', file: manifestName, field, says, remedy };
}

function toTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function missingKinds(coverage: readonly Coverage[]): CaseRemark[] {
  return Object.entries(wanted).flatMap(([kind, use]) => {
    const isThere = coverage.some((one) => one.kind === kind);
    return isThere ? [] : [gap(`telemetry.${kind}`, 'is missing', `${use} Add them if you can.`)];
  });
}

/** What is odd about one kind: nothing in the window, not all of the window, or rows that were left out. */
function kindGaps({ kind, rows, firstAt, lastAt, problem }: Coverage, manifest: Manifest) {
  const field = `telemetry.${kind}`;
  const said: CaseRemark[] = [];
  if (problem !== undefined) said.push(gap(field, problem, 'See whether that is meant.'));
  else if (rows === 0) {
    said.push(gap(field, 'has no row in the window', 'Widen the window, or name other files.'));
  }
  if (!['metrics', 'traces', 'logs'].includes(kind)) return said;
  if (firstAt === undefined || lastAt === undefined) return said;
  const startAt = Date.parse(manifest.window.start);
  const endAt = Date.parse(manifest.window.end);
  const edgeMs = edgeShare * (endAt - startAt);
  if (firstAt - startAt > edgeMs) {
    const says = `begin only at ${toTime(firstAt)}`;
    said.push(gap(field, says, 'Begin the window there, or add what came before.'));
  }
  if (endAt - lastAt > edgeMs) {
    const says = `end already at ${toTime(lastAt)}`;
    said.push(gap(field, says, 'End the window there, or add what came after.'));
  }
  return said;
}

function timeGaps({ window, alert, onset, baselines }: Manifest): CaseRemark[] {
  const startAt = Date.parse(window.start);
  const endAt = Date.parse(window.end);
  const said: CaseRemark[] = [];
  const isOutside = (time: string): boolean => {
    const at = Date.parse(time);
    return at < startAt || at >= endAt;
  };
  for (const [field, time] of [
    ['onset', onset],
    ['alert.startedAt', alert.startedAt],
  ] as const) {
    if (time === undefined || !isOutside(time)) continue;
    said.push(gap(field, 'lies outside the window', 'Widen the window until it is inside.'));
  }
  if (alert.startedAt === undefined && onset === undefined) {
    const remedy = 'Say when it was noticed: alert.startedAt.';
    said.push(gap('alert.startedAt', 'is missing', remedy));
  }
  if (endAt - startAt > longestWindowMs) {
    const days = longestWindowMs / 86_400_000;
    said.push(gap('window', `is longer than ${days} days`, 'Narrow it to the hours around it.'));
  }
  const beganAt = Date.parse(onset ?? alert.startedAt ?? window.end);
  const hasBefore = beganAt - startAt >= edgeShare * (endAt - startAt);
  if (!hasBefore && baselines.length === 0) {
    const says = 'hardly begins before it was noticed: there is nothing healthy to compare with';
    said.push(gap('window', says, 'Begin it earlier, or name healthy times under baselines.'));
  }
  return said;
}

function nameGaps({ alert, candidates = [] }: Manifest, names: ReadonlySet<string>): CaseRemark[] {
  const said: CaseRemark[] = [];
  const { entity } = alert;
  if (entity !== undefined && names.size > 0 && !names.has(entity.name)) {
    const says = `nothing in the telemetry is of ${entity.name}`;
    said.push(gap('alert.entity', says, 'Name it as the telemetry does.'));
  }
  const strange = candidates.filter(({ name }) => names.size > 0 && !names.has(name));
  if (strange.length > 0) {
    const shown = strange.slice(0, 5).map(({ name }) => name);
    const more = strange.length > shown.length ? ` and ${strange.length - shown.length} more` : '';
    const says = `nothing in the telemetry is of ${shown.join(', ')}${more}`;
    said.push(gap('candidates', says, 'Name them as the telemetry does.'));
  }
  return said;
}

/** Finds what a case that can be read lacks. `names` are all entities that its telemetry speaks of; empty when they are too many to list. */
export function findGaps(
  manifest: Manifest,
  coverage: readonly Coverage[],
  names: ReadonlySet<string>,
): readonly CaseRemark[] {
  return [
    ...timeGaps(manifest),
    ...missingKinds(coverage),
    ...coverage.flatMap((one) => kindGaps(one, manifest)),
    ...nameGaps(manifest, names),
  ];
}
