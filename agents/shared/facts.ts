import { compareTexts } from '../../core/compare-texts.ts';
import { clearScore } from '../../core/analysis/shift.ts';
import type { ObservedCall } from '../../core/ports/policy.ts';
import type { Aspect, ChangeDigest, Dependency, Observation } from '../../core/schemas/digest.ts';

/** The kinds of telemetry that speak independently of each other. */
export type Voice = 'metrics' | 'traces' | 'logs' | 'changes' | 'events' | 'state' | 'alerts';

/** An observation with where it stands written: every statement about it cites these ids. */
export interface Fact extends Observation {
  readonly evidenceIds: readonly string[];
  readonly tool: string;
  readonly voice: Voice;
}

export interface CitedDependency extends Dependency {
  readonly evidenceIds: readonly string[];
}

/** A change, and what came of looking at its service right before and right after it; null until somebody has looked. */
export interface CitedChange extends ChangeDigest {
  readonly evidenceIds: readonly string[];
  readonly effects: readonly Fact[] | null;
}

/** Everything in a list of observed calls, in an order that does not depend on the order of the calls. */
export interface Facts {
  /** Strongest first. What inspections of changes measured is not among them: it compares other windows. */
  readonly all: readonly Fact[];
  readonly dependencies: readonly CitedDependency[];
  /** In the order of their time. */
  readonly changes: readonly CitedChange[];
}

const voices: Readonly<Record<string, Voice>> = {
  'scan-metrics': 'metrics',
  'inspect-metrics': 'metrics',
  'compare-traces': 'traces',
  'inspect-spans': 'traces',
  'cluster-logs': 'logs',
  'read-log-lines': 'logs',
  'list-changes': 'changes',
  'inspect-change': 'changes',
  'match-changes': 'changes',
  'read-ops': 'changes',
  'list-events': 'events',
  'inspect-state': 'state',
  'list-alerts': 'alerts',
};

/** Tells which telemetry a tool speaks for; metrics for a tool that is not known. */
export function voiceOf(tool: string): Voice {
  return voices[tool] ?? 'metrics';
}

/** Aspects that speak about user-visible or inner trouble when they rise. */
const harmfulUp: ReadonlySet<Aspect> = new Set<Aspect>([
  'error-ratio',
  'own-error',
  'duration',
  'self-time',
  'omission',
  'edge-duration',
  'edge-error',
  'edge-fan-out',
  'edge-gap',
  'cpu',
  'memory',
  'disk',
  'connections',
  'event-loop',
  'restarts',
  'log-new',
  'log-rate',
  'condition',
  'alert',
]);

/** Tells whether a fact is clearly out and in the direction that hurts. Traffic and unnamed metrics may hurt both ways. */
export function isTrouble(fact: Observation): boolean {
  return fact.score >= clearScore && isHarmful(fact);
}

/** Tells whether a fact points in the direction that hurts, however far. */
export function isHarmful(fact: Observation): boolean {
  if (harmfulUp.has(fact.aspect)) return fact.direction === 'up';
  return fact.aspect !== 'log-vanished' || fact.direction === 'down';
}

/** The difference that a fact speaks of, in its unit, durations in milliseconds; 0 where it is beyond numbers. */
export function deltaOf(fact: Observation): number {
  const factor = millisecondsPer(fact.unit) ?? 1;
  const delta = (fact.after - fact.before) * factor;
  return Number.isFinite(delta) ? delta : 0;
}

/** Milliseconds in a unit of time; null for any other unit. */
export function millisecondsPer(unit: string): number | null {
  switch (unit) {
    case 'ns':
      return 1e-6;
    case 'us':
      return 1e-3;
    case 'ms':
      return 1;
    case 's':
      return 1_000;
    case 'min':
      return 60_000;
    default:
      return null;
  }
}

const ofSlowest = /[\s._-](?:max|p9\d{1,2}|p9\d\.\d+|p100)(?=$|[\s._-])/;

/** Tells whether a metric speaks of the slowest requests only, by the statistic in its name: of a few requests that may be a single one. */
export function isOfSlowest({ name, voice }: Pick<Fact, 'name' | 'voice'>): boolean {
  return voice === 'metrics' && ofSlowest.test(name);
}

/** As many as a claim may cite. */
const maxIds = 8;
const inspectsChange = 'inspect-change';
/** What tools call the owner of telemetry that names no service: nobody that could be blamed. */
const nobody = 'unknown';

/** Collects what calls brought back. Equal facts of several calls become one; the same input in another order gives the same output. */
export function collectFacts(observations: readonly ObservedCall[]): Facts {
  const facts = new Map<string, Fact>();
  const dependencies = new Map<string, CitedDependency>();
  const changes = new Map<string, CitedChange[]>();
  const keepChange = (change: CitedChange): void => {
    changes.set(change.id, [...(changes.get(change.id) ?? []), change]);
  };
  for (const { observed } of observations) {
    if (!observed.ok) continue;
    const { tool, evidenceIds, digest } = observed;
    const cited = digest.observations
      .filter(({ entity }) => entity.name !== nobody)
      .map((one): Fact => ({ ...one, evidenceIds, tool, voice: voiceOf(tool) }));
    if (tool === inspectsChange) {
      const inspected = digest.changes[0];
      if (inspected !== undefined) {
        // Nothing measured is not the same as nothing shifted.
        const effects = cited.length === 0 ? null : cited;
        keepChange({ ...inspected, evidenceIds, effects });
      }
      continue;
    }
    for (const fact of cited) facts.set(`${orderKey(fact)} ${evidenceIds.join()}`, fact);
    for (const dependency of digest.dependencies) {
      keepDependency(dependencies, { ...dependency, evidenceIds });
    }
    for (const change of digest.changes) keepChange({ ...change, evidenceIds, effects: null });
  }
  return {
    all: crossCited([...facts].sort(byStrength).map(([, fact]) => fact)),
    dependencies: [...dependencies].sort(byKey).map(([, dependency]) => dependency),
    changes: [...changes.values()]
      .map(mergeVersions)
      .sort((one, other) => one.at - other.at || compareTexts(one.id, other.id)),
  };
}

/** Lets each fact cite also what another tool kept of the very same measurement: one of them may hold more of it than the other. */
function crossCited(facts: readonly Fact[]): readonly Fact[] {
  const ids = new Map<string, readonly string[]>();
  const keyOf = ({ tool: _tool, ...fact }: Fact): string => orderKey({ ...fact, tool: '' });
  for (const fact of facts) {
    const key = keyOf(fact);
    ids.set(key, [...(ids.get(key) ?? []), ...fact.evidenceIds]);
  }
  return facts.map((fact) => {
    const all = [...fact.evidenceIds, ...(ids.get(keyOf(fact)) ?? [])];
    return { ...fact, evidenceIds: [...new Set(all)].slice(0, maxIds) };
  });
}

function byStrength(one: readonly [string, Fact], other: readonly [string, Fact]): number {
  return other[1].score - one[1].score || byKey(one, other);
}

function byKey(one: readonly [string, unknown], other: readonly [string, unknown]): number {
  return compareTexts(one[0], other[0]);
}

function orderKey(fact: Fact): string {
  const { entity, peer, aspect, name, direction, before, after, unit, support, onset, tool } = fact;
  return JSON.stringify([
    ...[entity.kind, entity.name, aspect, name, peer?.kind, peer?.name, direction, before, after],
    ...[unit, support, onset?.earliestAt, onset?.latestAt, tool],
  ]);
}

function keepDependency(kept: Map<string, CitedDependency>, dependency: CitedDependency): void {
  const { from, to } = dependency;
  const key = JSON.stringify([from.kind, from.name, to.kind, to.name]);
  const known = kept.get(key);
  if (known === undefined || isBefore(dependency, known)) kept.set(key, dependency);
}

function isBefore(one: CitedDependency, other: CitedDependency): boolean {
  if (one.calls !== other.calls) return one.calls > other.calls;
  return compareTexts(one.evidenceIds.join(), other.evidenceIds.join()) < 0;
}

/**
 * Makes one change of everything that was said about it: what somebody inspected says more than a list, and the evidence includes both. A change that
 * names no service belongs to nobody.
 */
function mergeVersions(versions: readonly CitedChange[]): CitedChange {
  const [first, ...others] = [...versions].sort(
    (one, other) =>
      Number(one.effects === null) - Number(other.effects === null) ||
      compareTexts(JSON.stringify(one), JSON.stringify(other)),
  );
  if (first === undefined) throw new RangeError('a change has at least one version');
  const evidenceIds = [first, ...others].flatMap((one) => one.evidenceIds);
  const { service, ...rest } = others.reduce<CitedChange>(
    (merged, one) => ({ ...one, ...merged }),
    first,
  );
  return {
    ...rest,
    ...(service === undefined || service === '' ? {} : { service }),
    evidenceIds: [...new Set(evidenceIds)],
  };
}

/** Whether a fact is a share, and not a count or a rate. */
export function isShare({ unit }: Pick<Fact, 'unit'>): boolean {
  return unit === '1' || unit === '%';
}
