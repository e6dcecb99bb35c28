import path from 'node:path';
import type { BenchCase, Convert } from '../bench-case.ts';
import { toIso, toIsoWindow } from '../bench-case.ts';
import type { Window } from '../../../core/schemas/primitives.ts';
import { quoted, textOf, withDuck } from '../duck.ts';
import type { Row } from '../duck.ts';
import {
  makeCaseFolder,
  publishedFile,
  readPublished,
  writeManifest,
  writeRows,
} from './case-folder.ts';

/** Of most incidents nobody says when they were. */
const someTime = Date.parse('2023-01-01T00:00:00Z');
const lastsMs = 600_000;

export type TvdiagSystem = 'gaia' | 'sockshop' | 'hotel';

/** Incidents that stand for the earlier times of another one. */
const mostEarlier = 120;
const betweenMs = 3_600_000;

/**
 * TVDiag: alerts already drawn from metrics, traces and logs, and who calls whom. Every instance of the incident may be named. The alerts of other incidents, of which nobody says
 * what was wrong, are its history, an hour apart.
 */
export function convertTvdiag(system: TvdiagSystem): Convert {
  return async ({ from, to }) => {
    const folder = path.join(from, system);
    const raw = await readRaw(path.join(folder, 'raw'));
    const cases: BenchCase[] = [];
    const labels = await readLabels(folder);
    const ids = labels.map((label) => textOf(label['index']));
    for (const label of labels) {
      const id = textOf(label['index']);
      const name = `tvdiag-${system}-${id.padStart(4, '0')}`;
      const dir = await makeCaseFolder(to, name);
      const nodes = raw.nodes[id] ?? [];
      const started = Date.parse(`${textOf(label['st_time']).replace(' ', 'T')}+08:00`);
      const startAt = Number.isNaN(started) ? someTime : started;
      const own = alertRows(raw, id, new Set(nodes));
      const earlier = earlierOf(ids, id).map((other, place) => {
        const at = startAt - (place + 1) * betweenMs;
        const rows = alertRows(raw, other, new Set(raw.nodes[other] ?? []));
        const time = toIso(at);
        return {
          window: { startAt: at, endAt: at + lastsMs },
          rows: rows.map((row) => ({ ...row, time })),
        };
      });
      const alerts = [...own, ...earlier.flatMap(({ rows }) => rows)];
      await writeCase(dir, {
        name,
        nodes,
        alerts,
        calls: callRows(raw.edges[id] ?? [], nodes),
        startAt,
        earlier: earlier.map(({ window }) => window),
      });
      const instance = textOf(label['instance']);
      cases.push({
        ...{ name, origin: `${system}/${id}`, fault: textOf(label['anomaly_type']), onset: null },
        ...{ entityNames: [instance], candidates: nodes.length },
      });
    }
    return cases;
  };
}

/** Other incidents, evenly from all. */
export function earlierOf(ids: readonly string[], own: string): readonly string[] {
  const others = ids.filter((id) => id !== own);
  const count = Math.min(mostEarlier, others.length);
  return Array.from(
    { length: count },
    (_one, place) => others[Math.floor((place * others.length) / count)] ?? own,
  );
}

async function writeCase(
  dir: string,
  one: {
    readonly name: string;
    readonly nodes: readonly string[];
    readonly alerts: readonly Readonly<Record<string, unknown>>[];
    readonly calls: readonly Readonly<Record<string, string>>[];
    readonly startAt: number;
    readonly earlier: readonly Window[];
  },
): Promise<void> {
  const alerts = await writeRows(dir, 'alerts.jsonl', one.alerts);
  const calls = await writeRows(dir, 'calls.jsonl', one.calls);
  await writeManifest(dir, {
    name: one.name,
    alert: { title: 'Users complain', severity: 'critical' },
    window: toIsoWindow({ startAt: one.startAt, endAt: one.startAt + lastsMs }),
    baselines: one.earlier.map(toIsoWindow),
    candidates: one.nodes.map((name) => ({ kind: 'instance', name })),
    telemetry: {
      ...(alerts !== null && { alerts: [{ files: [alerts], format: 'jsonl' }] }),
      ...(calls !== null && { topology: [{ files: [calls], format: 'jsonl' }] }),
    },
  });
}

/** What each event says as an alert; one about a call is about who was called. What is no instance of the incident is a node. */
export function alertRows(raw: Raw, id: string, instances: ReadonlySet<string>) {
  const about = (entity: string) => ({
    entity,
    entity_kind: instances.has(entity) ? 'instance' : 'node',
  });
  const metrics = (raw.metrics[id] ?? []).map((event) => {
    const [direction, metric] = event.toReversed();
    return { name: metric, metric, direction, ...about(event[0] ?? '') };
  });
  const traces = (raw.traces[id] ?? []).map(([caller, callee = '', operation, status = '']) => ({
    name: status === 'PD' ? 'slow call' : `call ended with ${status}`,
    message: operation,
    caller,
    ...about(callee),
  }));
  const logs = (raw.logs[id] ?? []).map(([instance = '', template]) => ({
    name: `log template ${template}`,
    ...about(instance),
  }));
  return [...metrics, ...traces, ...logs];
}

/** Pairs of places as calls between instances, each once; those within an instance say nothing. */
export function callRows(
  edges: readonly (readonly [number, number])[],
  nodes: readonly string[],
): readonly Readonly<Record<string, string>>[] {
  const calls = new Map<string, Readonly<Record<string, string>>>();
  for (const [from, to] of edges) {
    const [caller, callee] = [nodes[from], nodes[to]];
    if (caller === undefined || callee === undefined || caller === callee) continue;
    calls.set(`${from} ${to}`, {
      ...{ from: caller, to: callee, from_kind: 'instance', to_kind: 'instance' },
    });
  }
  return [...calls.values()];
}

type Events = Readonly<Record<string, readonly (readonly string[])[]>>;

interface Raw {
  readonly metrics: Events;
  readonly traces: Events;
  readonly logs: Events;
  readonly edges: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  readonly nodes: Readonly<Record<string, readonly string[]>>;
}

async function readRaw(folder: string): Promise<Raw> {
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await readPublished(folder, `${name}.json`));
  return {
    metrics: await read('metrics'),
    traces: await read('traces'),
    logs: await read('logs'),
    edges: await read('edges'),
    nodes: await read('nodes'),
  } as Raw;
}

function readLabels(folder: string): Promise<readonly Row[]> {
  const file = quoted(publishedFile(folder, 'label.csv') ?? '');
  return withDuck((run) =>
    run(
      `SELECT * FROM read_csv(${file}, all_varchar = true) ORDER BY try_cast("index" AS INTEGER)`,
    ),
  );
}
