import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Window } from '../../../core/schemas/primitives.ts';
import type { BenchCase, Convert } from '../bench-case.ts';
import { toIso, toIsoWindow } from '../bench-case.ts';
import {
  copyPublished,
  makeCaseFolder,
  readPublished,
  writeManifest,
  writeRows,
} from './case-folder.ts';
import { spreadWindows, without } from './windows.ts';

/** The traffic scenarios that come with a recording of a time without issues. */
const scenarios = ['low_traffic', 'high_traffic'];
const partMs = 300_000;
/** An issue is five rows long, and its target is seen in the second. */
const issueMs = 5 * partMs;
const noticedAfterMs = 1.6 * partMs;
const healthyOfEach = 25;

/**
 * PetShop: metrics of every node and the call graph. The alert is the target: node, metric and time. The recording without issues is the baseline, every
 * node of the graph a candidate.
 */
export const convertPetshop: Convert = async ({ from, to }) => {
  const cases: BenchCase[] = [];
  for (const scenario of scenarios) {
    const system = await readSystem(path.join(from, 'dataset', scenario));
    for (const part of ['train', 'test']) {
      for (const issue of (await readdir(path.join(system.folder, part))).toSorted()) {
        const name = `petshop-${String(cases.length + 1).padStart(2, '0')}`;
        cases.push(await convertIssue(system, path.join(part, issue), { to, name }));
      }
    }
  }
  return cases;
};

/** Healthy times of the recordings without issues, with alerts such as issues have; all else of the recording is their baseline. */
export const convertHealthyPetshop: Convert = async ({ from, to }) => {
  const cases: BenchCase[] = [];
  for (const scenario of scenarios) {
    const system = await readSystem(path.join(from, 'dataset', scenario));
    for (const [index, window] of spreadWindows(
      [system.healthy],
      issueMs,
      healthyOfEach,
    ).entries()) {
      const name = `healthy-petshop-${String(cases.length + 1).padStart(2, '0')}`;
      const metric = index % 2 === 0 ? 'latency' : 'availability';
      const target = { node: 'PetSite', metric, at: window.startAt + noticedAfterMs };
      const baselines = without([system.healthy], [window]);
      await writePetshopCase(system, { to, name, window, target, baselines, issue: null });
      cases.push({
        ...{ name, origin: toIso(window.startAt), fault: 'none', entityNames: [], onset: null },
        candidates: system.nodes.length,
      });
    }
  }
  return cases;
};

interface System {
  readonly folder: string;
  readonly nodes: readonly string[];
  readonly calls: readonly Call[];
  /** What the recording without issues covers. */
  readonly healthy: Window;
}

interface Call extends Record<string, unknown> {
  readonly from: string;
  readonly to: string;
}

async function readSystem(folder: string): Promise<System> {
  const { nodes, calls } = readGraph(await readPublished(folder, 'graph.csv'));
  const healthy = coveredBy(await readPublished(path.join(folder, 'noissue'), 'metrics.csv'));
  return { folder, nodes, calls, healthy };
}

/** Reads an adjacency matrix: the node of the row calls that of the column. */
export function readGraph(text: string): {
  readonly nodes: readonly string[];
  readonly calls: readonly Call[];
} {
  const [header = '', ...lines] = text.trim().split('\n');
  const nodes = header.split(',').slice(1);
  const calls = lines.flatMap((line) => {
    const [from = '', ...cells] = line.split(',');
    return cells.flatMap((cell, index) => {
      const to = nodes[index];
      return Number(cell) > 0 && to !== undefined ? [{ from, to }] : [];
    });
  });
  return { nodes, calls };
}

/** The window that the rows of a metrics file cover; a row begins with its instant in seconds. */
export function coveredBy(text: string): Window {
  const instants = text.split('\n').flatMap((line) => {
    const seconds = Number(line.split(',', 1)[0] || Number.NaN);
    return Number.isFinite(seconds) ? [seconds * 1_000] : [];
  });
  const [first = 0] = instants;
  return { startAt: first, endAt: (instants.at(-1) ?? first) + partMs };
}

async function convertIssue(
  system: System,
  issue: string,
  { to, name }: { readonly to: string; readonly name: string },
): Promise<BenchCase> {
  const folder = path.join(system.folder, issue);
  const { target, root_cause } = JSON.parse(
    await readPublished(folder, 'target.json'),
  ) as PublishedTarget;
  const { node, metric, timestamp } = target;
  const window = coveredBy(await readPublished(folder, 'metrics.csv'));
  const seen = { node, metric, at: timestamp * 1_000 };
  const baselines = [system.healthy];
  await writePetshopCase(system, { to, name, window, target: seen, baselines, issue: folder });
  return {
    ...{ name, origin: `${path.basename(system.folder)}/${issue}`, fault: metric },
    entityNames: [root_cause.node],
    onset: toIso(seen.at),
    candidates: system.nodes.length,
  };
}

async function writePetshopCase(
  system: System,
  one: {
    readonly to: string;
    readonly name: string;
    readonly window: Window;
    readonly target: { readonly node: string; readonly metric: string; readonly at: number };
    readonly baselines: readonly Window[];
    /** The folder of the issue; null for a time without one. */
    readonly issue: string | null;
  },
): Promise<void> {
  const { name, window, target } = one;
  const dir = await makeCaseFolder(one.to, name);
  const usual = await copyPublished(
    path.join(system.folder, 'noissue'),
    'metrics.csv',
    dir,
    'usual-',
  );
  const unusual = one.issue === null ? null : await copyPublished(one.issue, 'metrics.csv', dir);
  const calls = await writeRows(dir, 'calls.jsonl', system.calls);
  await writeManifest(dir, {
    name,
    alert: {
      title: `${target.metric} of ${target.node}`,
      severity: 'critical',
      entity: { kind: 'service', name: target.node },
      symptom: target.metric,
      startedAt: toIso(target.at),
    },
    window: toIsoWindow(window),
    baselines: one.baselines.map(toIsoWindow),
    candidates: system.nodes.map((node) => ({ kind: 'service', name: node })),
    telemetry: {
      metrics: [
        {
          files: [usual, unusual].flatMap((file) => file ?? []),
          format: 'csv',
          headers: ['service', 'metric', 'statistic'],
          time: { column: 'unix_timestamp', unit: 's' },
        },
      ],
      topology: [{ files: [calls ?? ''], format: 'jsonl' }],
    },
  });
}

interface PublishedTarget {
  readonly target: { readonly node: string; readonly metric: string; readonly timestamp: number };
  readonly root_cause: { readonly node: string };
}
