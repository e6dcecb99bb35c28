import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { CaseSource } from '../../../core/schemas/case.ts';
import type { BenchCase, Convert } from '../bench-case.ts';
import { toIsoWindow } from '../bench-case.ts';
import {
  copyPublished,
  makeCaseFolder,
  publishedFile,
  readPublished,
  writeManifest,
  writeRows,
} from './case-folder.ts';

/**
 * RootCauseBench: alert, metrics, logs, traces, commits with diffs, deploys and flags of incidents. The alert gives who hurts and by which metric, not
 * the words of its summary, which now and then tell the cause.
 */
export const convertRootCauseBench: Convert = async ({ from, to }) => {
  const folders = await readdir(from, { withFileTypes: true });
  const names = folders.filter((one) => one.isDirectory()).map((one) => one.name);
  const cases: BenchCase[] = [];
  for (const [index, origin] of names.toSorted().entries()) {
    const name = `rcb-${String(index + 1).padStart(2, '0')}`;
    cases.push(await convertOne(path.join(from, origin), to, name));
  }
  return cases;
};

async function convertOne(folder: string, to: string, name: string): Promise<BenchCase> {
  const data = path.join(folder, 'data');
  const dir = await makeCaseFolder(to, name);
  const alert = JSON.parse(await readPublished(data, 'alert.json')) as PublishedAlert;
  const changes = await readChanges(path.join(data, 'context'));
  const feed = await readFeed(data);
  const instants = await readInstants(data);
  const times = [...instants, ...changes.map(({ time }) => time)].map((time) => Date.parse(time));
  const telemetry = {
    metrics: [
      ...sourceOf(await copyPublished(data, 'metrics.csv', dir), metrics),
      ...sourceOf(await writeRows(dir, 'status-metrics.jsonl', feed.metrics), rows),
    ],
    logs: sourceOf(await copyPublished(data, 'logs.ndjson', dir), logs),
    traces: sourceOf(await copyPublished(data, 'traces.json', dir), traces),
    changes: sourceOf(await writeRows(dir, 'changes.jsonl', changes), rows),
    events: sourceOf(await writeRows(dir, 'status-events.jsonl', feed.events), rows),
    commands: sourceOf(await writeRows(dir, 'commands.jsonl', await readPatterns(data)), rows),
  };
  await writeManifest(dir, {
    name,
    alert: alertOf(alert),
    window: toIsoWindow({
      startAt: Math.min(...times),
      endAt: Math.max(...instants.map((time) => Date.parse(time))) + 1_000,
    }),
    telemetry: Object.fromEntries(Object.entries(telemetry).filter(([, list]) => list.length > 0)),
  });
  const truth = JSON.parse(await readPublished(folder, 'ground_truth.json')) as PublishedTruth;
  return benchCase(name, truth, changes, await countServices(data));
}

/** Who hurts, by which metric and how much. */
export function alertOf(alert: PublishedAlert) {
  const { service, metric, monitor, severity, fired_at: startedAt, observed, threshold } = alert;
  return {
    title: monitor,
    description: `${metric} of ${service} is ${observed}, threshold ${threshold}`,
    severity,
    entity: { kind: 'service' as const, name: service },
    symptom: metric,
    startedAt,
  };
}

function benchCase(
  name: string,
  truth: PublishedTruth,
  changes: readonly ChangeRow[],
  candidates: number,
): BenchCase {
  const culprit = truth.root_cause_commit === 'none' ? null : truth.root_cause_commit;
  const deployed = changes.flatMap(({ revision, service }) =>
    culprit !== null && revision === culprit && service !== undefined ? [service] : [],
  );
  return {
    ...{ name, origin: truth.scenario, fault: culprit === null ? 'no change' : 'change' },
    entityNames: [...new Set([...deployed, truth.first_failing_service])],
    ...{ onset: null, candidates, culprit, decoys: truth.decoy_deploy_commits },
  };
}

const metrics: Mapping = { format: 'csv', time: { column: 'timestamp' } };
const logs: Mapping = {
  format: 'jsonl',
  time: { column: 'timestamp' },
  columns: { body: 'msg', severity: 'severity_text' },
};
const traces: Mapping = { format: 'json', columns: { parent_span_id: 'parent_id' } };
const rows: Mapping = { format: 'jsonl' };

type Mapping = Omit<CaseSource, 'files'>;

function sourceOf(file: string | null, mapping: Mapping): CaseSource[] {
  return file === null ? [] : [{ files: [file], ...mapping }];
}

interface ChangeRow extends Record<string, unknown> {
  readonly time: string;
  readonly kind: string;
  readonly revision?: string;
  readonly service?: string;
}

/** Commits, deploys and flags as changes; a deploy is known by the commit that it ships. */
async function readChanges(context: string): Promise<readonly ChangeRow[]> {
  const read = async <Row>(file: string): Promise<readonly Row[]> =>
    publishedFile(context, file) === null
      ? []
      : (JSON.parse(await readPublished(context, file)) as readonly Row[]);
  const commits = await read<PublishedCommit>('commits.json');
  const deploys = await read<PublishedDeploy>('deploys.json');
  const flags = await read<PublishedFlag>('flags.json');
  return [
    ...commits.map(({ sha, author, timestamp: time, message: title, files_changed, diff }) => ({
      ...{ time, kind: 'commit', id: sha, title, author },
      ...{ files: JSON.stringify(files_changed), diff: diff ?? '' },
    })),
    ...deploys.map(({ timestamp: time, service, commit_sha: revision, version: title }) => ({
      ...{ time, kind: 'deploy', revision, service, title },
    })),
    ...flags.map(({ timestamp: time, flag, service, change, actor: author }) => ({
      ...{ time, kind: 'flag', id: `${flag}@${time}`, service, author },
      title: `${flag} ${change}`,
    })),
  ];
}

/** The compared log patterns that come with an incident, as what somebody's query printed. */
async function readPatterns(data: string) {
  if (publishedFile(data, 'patterns.json') === null) return [];
  const output = await readPublished(data, 'patterns.json');
  return [{ command: 'log patterns against the baseline', output }];
}

/** What the status page of a provider said, as events of an external thing, and what it measured. */
async function readFeed(data: string) {
  if (publishedFile(data, 'status_feed.json') === null) return { events: [], metrics: [] };
  return feedRows(JSON.parse(await readPublished(data, 'status_feed.json')) as PublishedFeed);
}

export function feedRows(feed: PublishedFeed) {
  const said = (feed.events ?? []).map((one) => ({
    time: one.updated_at,
    first_time: one.started_at,
    reason: one.status,
    kind: 'external',
    name: one.service,
    message: `${one.title} (${one.region}): ${one.detail}`,
    type: one.status === 'operating-normally' ? 'Normal' : 'Warning',
  }));
  const told = (feed.incidents ?? []).flatMap((incident) =>
    incident.updates.map((update) => ({
      time: update.timestamp,
      first_time: incident.started_at,
      reason: incident.impact,
      kind: 'external',
      name: feed.provider ?? incident.name,
      message: `${incident.name}: ${update.body}`,
      type: 'Warning',
    })),
  );
  const metrics = (feed.api_error_rate_pct ?? []).map(({ timestamp: time, endpoint, value }) => ({
    ...{ time, metric: 'api_error_rate_pct', service: endpoint.split('/')[0], value },
  }));
  return { events: [...said, ...told], metrics };
}

async function readInstants(data: string): Promise<readonly string[]> {
  const lines = (await readPublished(data, 'metrics.csv')).trim().split('\n').slice(1);
  const records = (await readPublished(data, 'logs.ndjson')).trim().split('\n');
  return [
    ...lines.map((line) => line.split(',', 1)[0] ?? ''),
    ...records.map((line) => (JSON.parse(line) as { readonly timestamp: string }).timestamp),
  ];
}

/** How many services the telemetry names. */
async function countServices(data: string): Promise<number> {
  const lines = (await readPublished(data, 'metrics.csv')).trim().split('\n').slice(1);
  const records = (await readPublished(data, 'logs.ndjson')).trim().split('\n');
  return new Set([
    ...lines.map((line) => line.split(',')[1]),
    ...records.map((line) => (JSON.parse(line) as { readonly service: string }).service),
  ]).size;
}

interface PublishedAlert {
  readonly service: string;
  readonly metric: string;
  readonly threshold: number;
  readonly observed: number;
  readonly fired_at: string;
  readonly severity: string;
  readonly monitor: string;
}

interface PublishedTruth {
  readonly scenario: string;
  readonly root_cause_commit: string;
  readonly first_failing_service: string;
  readonly decoy_deploy_commits: readonly string[];
}

interface PublishedCommit {
  readonly sha: string;
  readonly author: string;
  readonly timestamp: string;
  readonly message: string;
  readonly files_changed: readonly string[];
  readonly diff: string | null;
}

interface PublishedDeploy {
  readonly timestamp: string;
  readonly service: string;
  readonly commit_sha: string;
  readonly version: string;
}

interface PublishedFlag {
  readonly timestamp: string;
  readonly flag: string;
  readonly service: string;
  readonly change: string;
  readonly actor: string;
}

interface PublishedFeed {
  readonly provider?: string;
  readonly events?: readonly {
    readonly service: string;
    readonly region: string;
    readonly status: string;
    readonly title: string;
    readonly started_at: string;
    readonly updated_at: string;
    readonly detail: string;
  }[];
  readonly incidents?: readonly {
    readonly name: string;
    readonly impact: string;
    readonly started_at: string;
    readonly updates: readonly { readonly timestamp: string; readonly body: string }[];
  }[];
  readonly api_error_rate_pct?: readonly {
    readonly timestamp: string;
    readonly endpoint: string;
    readonly value: number;
  }[];
}
