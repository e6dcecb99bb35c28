import { createHash } from 'node:crypto';
import { scopeBrief, scopeCalls } from '../../../agents/orchestrator/scope.ts';
import { citedIds, verify } from '../../../agents/verifier/verify.ts';
import type { CallTool } from '../../../bench/direct-loop.ts';
import { runSquad } from '../../../bench/direct-squad.ts';
import type { SquadResult } from '../../../bench/direct-squad.ts';
import { digestSchema } from '../../../core/schemas/digest.ts';
import type { ChangeDigest, Digest, Observation } from '../../../core/schemas/digest.ts';
import type { Brief } from '../../../core/schemas/brief.ts';
import type { Evidence } from '../../../core/schemas/evidence.ts';
import type { Entity } from '../../../core/schemas/primitives.ts';
import type { SynthesisResult, VerificationResult } from '../../../core/schemas/synthesis.ts';
import type { Observed, ToolCall } from '../../../core/schemas/tool-call.ts';

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

type Answer = Partial<Omit<Digest, 'tool'>>;

/** What the tools would say: wide answers by tool, deep ones by tool and subject. A tool named in `failing` fails whatever it is asked. */
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
}

const graph = [
  [front, orders],
  [orders, billing],
  [billing, vault],
  [billing, bank],
].map(([from, to]) => ({ from: from ?? front, to: to ?? front, calls: 500 }));

const kinds = ['metrics', 'traces', 'logs', 'changes'];

function answerOf(world: World, call: ToolCall): Answer | null {
  const input = call.input as Readonly<Record<string, unknown>>;
  const service = typeof input['service'] === 'string' ? input['service'] : '';
  const about = (list: readonly Observation[] = []): Observation[] =>
    list.filter(({ entity }) => entity.name === service);
  switch (call.tool) {
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
  readonly brief: Brief;
  readonly squad: SquadResult;
  readonly synthesis: SynthesisResult;
  readonly verification: VerificationResult;
  readonly calls: readonly {
    readonly role: string;
    readonly round: number;
    readonly call: ToolCall;
  }[];
  readonly evidence: ReadonlyMap<string, Evidence>;
}

/** Makes the tools of a world; every answer is kept as evidence that holds exactly what the digest says. */
export function createTools(world: World): {
  readonly callTool: CallTool;
  readonly calls: { role: string; round: number; call: ToolCall }[];
  readonly evidence: Map<string, Evidence>;
} {
  const calls: { role: string; round: number; call: ToolCall }[] = [];
  const evidence = new Map<string, Evidence>();
  const callTool: CallTool = (call, role, round) => {
    calls.push({ role, round, call });
    return Promise.resolve(answer(world, call, evidence));
  };
  return { callTool, calls, evidence };
}

function answer(world: World, call: ToolCall, evidence: Map<string, Evidence>): Observed {
  const { tool } = call;
  const failure = world.failing?.[tool];
  if (failure !== undefined) return { ok: false, tool, code: failure, message: `${tool} is away` };
  const found = answerOf(world, call);
  if (found === null) {
    return { ok: false, tool, code: 'not-found.data', message: 'there is no such thing' };
  }
  const digest = digestSchema.parse({ tool, ...found });
  const text = JSON.stringify([tool, call.input, found]);
  const id = `ev-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  evidence.set(id, {
    id,
    key: tool,
    kind: 'analysis',
    title: tool,
    source: 'imagined',
    query: text.slice(0, 200),
    window,
    view: 'text',
    data: JSON.parse(JSON.stringify(digest)) as Evidence['data'],
    tool,
    arguments: call.input,
    role: 'trace',
    round: 1,
    takenAt: 0,
  });
  return { ok: true, tool, evidenceIds: [id], digest };
}

export async function briefOf(world: World): Promise<Brief> {
  const { callTool } = createTools(world);
  const observed = await Promise.all(scopeCalls().map((call) => callTool(call, 'orchestrator', 1)));
  return scopeBrief({
    investigationId: 'inv-test-0001',
    question: null,
    alert: {
      title: 'Requests to front fail or are slow',
      severity: 'error',
      entity: front,
      startedAt: new Date(onsetAt + 20_000).toISOString(),
      labels: {},
    },
    window,
    observed,
    opsServices: ['orders'],
  });
}

type Options = Omit<Parameters<typeof runSquad>[0], 'brief' | 'callTool'>;

/** Investigates a world from its alert to the verified synthesis. */
export async function investigate(world: World, options: Options = {}): Promise<Outcome> {
  const brief = await briefOf(world);
  const { callTool, calls, evidence } = createTools(world);
  const squad = await runSquad({ brief, callTool, ...options });
  if (squad.synthesis === null) throw new Error('root cause did not conclude');
  const { synthesis, observations } = squad;
  const bodies = citedIds(synthesis).flatMap((id) => evidence.get(id) ?? []);
  const verification = verify({ brief, synthesis, observations, evidence: bodies });
  return { brief, squad, synthesis: verification.synthesis, verification, calls, evidence };
}
