import type { Catalogue } from '../../../activities/dispatch.ts';
import type { KeptObservation } from '../../../activities/recall.ts';
import { newRow } from '../../../bench/direct/investigate-directly.ts';
import { runInProcess } from '../../../bench/direct/run-in-process.ts';
import type { Decided } from '../../../core/ports/policy.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import type { ToolResult } from '../../../core/ports/tool.ts';
import { digestSchema } from '../../../core/schemas/digest.ts';
import type { ChangeDigest, Digest, Observation } from '../../../core/schemas/digest.ts';
import type { Alert } from '../../../core/schemas/alert.ts';
import type { Brief } from '../../../core/schemas/brief.ts';
import type { Evidence } from '../../../core/schemas/evidence.ts';
import type { Decision, Finding } from '../../../core/schemas/finding.ts';
import type { Plan } from '../../../core/schemas/plan.ts';
import type { Entity } from '../../../core/schemas/primitives.ts';
import type { Report } from '../../../core/schemas/report.ts';
import type { SynthesisResult, VerificationResult } from '../../../core/schemas/synthesis.ts';
import { catalogue } from '../../../tools/catalogue.ts';
import type { FrozenMember } from '../../../workflows/messages.ts';

/** A small imagined system: `front` is called by users and calls `orders`, which calls `billing`, which uses `vault` (a database) and `bank` (outside). */
export const front: Entity = { kind: 'service', name: 'front' };
export const orders: Entity = { kind: 'service', name: 'orders' };
export const billing: Entity = { kind: 'service', name: 'billing' };
export const vault: Entity = { kind: 'database', name: 'vault' };
export const bank: Entity = { kind: 'external', name: 'bank' };

export const startAt = Date.parse('2030-01-07T09:00:00Z');
export const onsetAt = startAt + 300_000;
export const window = { startAt, endAt: startAt + 480_000 };
const onset = { earliestAt: onsetAt - 1_000, latestAt: onsetAt + 1_000 };

type Shift = Partial<Observation> & Pick<Observation, 'entity' | 'aspect'>;

const units: Readonly<Record<string, string>> = {
  duration: 'ms',
  'self-time': 'ms',
  'edge-duration': 'ms',
  'edge-gap': 'ms',
  traffic: '{request}/s',
  'edge-traffic': '{request}/s',
  'edge-fan-out': '{call}',
  memory: 'By',
  'log-new': '{line}/s',
  'log-rate': '{line}/s',
  connections: '{connection}',
};

/** One observation; what is not said is a clear rise at the onset. */
export function shift(what: Shift): Observation {
  const [before, after] = units[what.aspect] === 'ms' ? [100, 900] : [0, 0.4];
  return {
    name: 'all operations',
    direction: (what.after ?? after) >= (what.before ?? before) ? 'up' : 'down',
    before,
    after,
    unit: units[what.aspect] ?? '1',
    score: 12,
    support: 200,
    ...what,
  };
}

/** The same with an onset. */
export function dated(what: Shift): Observation {
  return { onset, ...shift(what) };
}

export function deploy(service: string, secondsBefore: number, id = `${service}-r7`): ChangeDigest {
  return {
    id,
    kind: 'deploy',
    at: onsetAt - secondsBefore * 1_000,
    service,
    revision: id,
    title: 'Tidy up',
    touches: ['routes'],
  };
}

export function configure(service: string, secondsBefore: number, setting: string): ChangeDigest {
  return {
    id: `cfg-${service}`,
    kind: 'config',
    at: onsetAt - secondsBefore * 1_000,
    service,
    title: 'Adjust a setting',
    touches: [setting],
  };
}

/** A commit of nobody knows whom. */
export function commit(id: string, secondsBefore: number): ChangeDigest {
  const at = onsetAt - secondsBefore * 1_000;
  return { id, kind: 'commit', at, title: 'Tidy up', touches: ['pool'] };
}

type Answer = Partial<Omit<Digest, 'tool'>>;

/** What the tools would say: answers by tool. A tool named in `failing` fails whatever it is asked. */
export interface World {
  readonly missing?: readonly string[];
  readonly failing?: Readonly<Record<string, string>>;
  readonly felt?: readonly Observation[];
  readonly metrics?: readonly Observation[];
  readonly traces?: readonly Observation[];
  readonly logs?: readonly Observation[];
  readonly changes?: readonly ChangeDigest[];
  /** By service. */
  readonly spans?: Readonly<Record<string, readonly Observation[]>>;
  /** By change id: what its service did right after it; a change not named here left its service as it was. */
  readonly effects?: Readonly<Record<string, readonly Observation[]>>;
  /** By change id: how well what its diff does accounts for the symptoms; a change not named here does nothing of the kind. */
  readonly matches?: Readonly<Record<string, ChangeDigest['match']>>;
}

const graph = [
  [front, orders],
  [orders, billing],
  [billing, vault],
  [billing, bank],
].map(([from, to]) => ({ from: from ?? front, to: to ?? front, calls: 500 }));

const kinds = ['metrics', 'traces', 'logs', 'changes'];

function answerOf(world: World, tool: string, given: unknown): Answer | null {
  const input = given as Readonly<Record<string, unknown>>;
  const service = typeof input['service'] === 'string' ? input['service'] : '';
  const about = (list: readonly Observation[] = []): Observation[] =>
    list.filter(({ entity }) => entity.name === service);
  switch (tool) {
    case 'check-coverage':
      return {
        coverage: kinds.map((kind) => {
          const rows = world.missing?.includes(kind) === true ? 0 : 1_000;
          return { kind, rows, services: rows === 0 ? [] : ['billing', 'front', 'orders'] };
        }),
      };
    case 'find-onset':
      return { observations: [...(world.felt ?? [])] };
    case 'scan-metrics':
      return { observations: [...(world.metrics ?? [])] };
    case 'inspect-metrics':
      return { observations: about(world.metrics) };
    case 'compare-traces':
      return { observations: [...(world.traces ?? [])], dependencies: graph };
    case 'inspect-spans':
      return { observations: [...(world.spans?.[service] ?? about(world.traces))] };
    case 'cluster-logs':
      return { observations: [...(world.logs ?? [])] };
    case 'read-log-lines':
      return { notes: [`${service}: lines`] };
    case 'list-changes':
      return { changes: [...(world.changes ?? [])] };
    case 'match-changes':
      return {
        changes: (world.changes ?? []).map((change) => ({
          ...change,
          match: world.matches?.[change.id] ?? {
            score: 0,
            services: [],
            at: change.at,
            because: 'Its diff does nothing that leads to what is seen.',
          },
        })),
      };
    case 'inspect-change': {
      const change = world.changes?.find(({ id }) => id === input['id']);
      if (change === undefined) return null;
      const calm = [
        shift({
          entity: { kind: 'service', name: change.service ?? '' },
          aspect: 'own-error',
          before: 0,
          after: 0,
          score: 0,
        }),
      ];
      return { changes: [change], observations: [...(world.effects?.[change.id] ?? calm)] };
    }
    default:
      return null;
  }
}

/** What came of an investigation of a world. */
export interface Outcome {
  readonly report: Report;
  readonly brief: Brief;
  readonly plan: Plan;
  readonly findings: readonly Finding[];
  readonly decisions: readonly Decision[];
  readonly observations: readonly KeptObservation[];
  readonly synthesis: SynthesisResult;
  readonly verification: VerificationResult;
  readonly evidence: ReadonlyMap<string, Evidence>;
}

/** The product's tools, answering as in a world; every answer is kept as evidence that holds exactly what the digest says. */
function toolsOf(world: World): Catalogue {
  return Object.fromEntries(
    Object.entries(catalogue).map(([name, tool]) => [
      name,
      { ...tool, run: (input: unknown) => Promise.resolve(answer(world, name, input)) },
    ]),
  );
}

function answer(world: World, tool: string, input: unknown): ToolResult {
  const failure = world.failing?.[tool];
  if (failure !== undefined) {
    return { ok: false, code: failure as 'bug.invariant', message: `${tool} is away` };
  }
  const found = answerOf(world, tool, input);
  if (found === null) {
    return { ok: false, code: 'not-found.data', message: 'there is no such thing' };
  }
  const digest = digestSchema.parse({ tool, ...found });
  return {
    ok: true,
    digest,
    evidence: [
      {
        key: tool,
        kind: 'analysis',
        title: tool,
        source: 'imagined',
        query: JSON.stringify([tool, input]),
        window,
        view: 'text',
        data: JSON.parse(JSON.stringify(digest)) as Evidence['data'],
      },
    ],
  };
}

interface Options {
  /** Other caps than those of the roster. */
  readonly trace?: Partial<Pick<FrozenMember, 'rounds' | 'calls'>>;
  readonly wallMs?: number;
}

/** Investigates a world from its alert to the verified synthesis. */
export async function investigate(world: World, options: Options = {}): Promise<Outcome> {
  const left = await runInProcess({
    row: {
      ...newRow,
      id: 'inv-test-0001',
      request: {},
      caseDir: 'imagined',
      caseName: 'imagined',
      title: alert.title,
      alert,
    },
    // Its tools do not read any.
    telemetry: { window, candidates: null, knownOnsetAt: null } as unknown as Telemetry,
    opsServices: ['orders'],
    catalogue: toolsOf(world),
    adjust: (input) => ({
      ...input,
      budget: { ...input.budget, wallMs: options.wallMs ?? input.budget.wallMs },
      squad: { ...input.squad, trace: { ...input.squad.trace, ...options.trace } },
    }),
  });
  const decided = left.kept(/\.decide$/) as readonly (Decided & {
    readonly synthesis: SynthesisResult | null;
  })[];
  const [verification] = left.kept(/^verify$/) as readonly VerificationResult[];
  const report = left.report();
  if (verification === undefined || report === null) throw new Error('root cause did not conclude');
  return {
    report,
    brief: left.kept(/^scope$/)[0] as Brief,
    plan: left.kept(/^plan$/)[0] as Plan,
    findings: decided.flatMap(({ finding }) => finding ?? []),
    decisions: decided.map(({ decision }) => decision),
    observations: (left.kept(/\.observe\.\d+$/) as readonly KeptObservation[]).filter(
      ({ role }) => role !== 'orchestrator',
    ),
    synthesis: verification.synthesis,
    verification,
    evidence: left.evidence,
  };
}

const alert: Alert = {
  title: 'Requests to front fail or are slow',
  severity: 'error',
  entity: front,
  startedAt: new Date(onsetAt + 20_000).toISOString(),
  labels: {},
};
