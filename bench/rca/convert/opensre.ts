import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import type { BenchCase, Convert } from '../bench-case.ts';
import { toIsoWindow } from '../bench-case.ts';
import { makeCaseFolder, readPublished, writeManifest, writeRows } from './case-folder.ts';
import { readEvidence } from './opensre-evidence.ts';
import type { Evidence, Rows } from './opensre-evidence.ts';

const suites = ['eks', 'rds_postgres'];
const minuteMs = 60_000;
const shortestMs = 30 * minuteMs;
/** Evidence that is older belongs to another day. */
const longestMs = 12 * 60 * minuteMs;
const healthyBase = '000-healthy';

/**
 * OpenSRE's synthetic scenarios: objects, events and logs of a cluster, or metrics, events and load of a database. The alert is its rule's name and whom it is
 * about: its annotations name the failure.
 */
export const convertOpensre: Convert = async ({ from, to }) => {
  const cases: BenchCase[] = [];
  for (const folder of await scenarios(from)) {
    const name = `opensre-${String(cases.length + 1).padStart(2, '0')}`;
    cases.push(await convertScenario(folder, { to, name, alertName: null }));
  }
  return cases;
};

/** The two healthy scenarios, with alerts such as the others have: their own says that nothing is wrong. */
export const convertHealthyOpensre: Convert = async ({ from, to }) => {
  const cases: BenchCase[] = [];
  for (const folder of await scenarios(from)) {
    if (path.basename(folder) !== healthyBase) continue;
    const name = `healthy-opensre-${String(cases.length + 1).padStart(2, '0')}`;
    cases.push(await convertScenario(folder, { to, name, alertName: 'HighErrorRate' }));
  }
  return cases;
};

async function scenarios(from: string): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const suite of suites) {
    const names = await readdir(path.join(from, suite));
    const numbered = names.filter((name) => /^\d{3}-/.test(name));
    folders.push(...numbered.toSorted().map((name) => path.join(from, suite, name)));
  }
  return folders;
}

async function convertScenario(
  folder: string,
  {
    to,
    name,
    alertName,
  }: { readonly to: string; readonly name: string; readonly alertName: string | null },
): Promise<BenchCase> {
  const scenario = parse(await readPublished(folder, 'scenario.yml')) as { readonly base?: string };
  const base = scenario.base === undefined ? null : path.join(folder, '..', scenario.base);
  const { commonLabels: labels, commonAnnotations: notes } = JSON.parse(
    await readPublished(folder, 'alert.json'),
  ) as PublishedAlert;
  const entity = notes.db_instance_identifier ?? labels.service;
  const evidence = await readEvidence(folder, { base, service: entity });
  const window = windowOf(evidence);
  const dir = await makeCaseFolder(to, name);
  const telemetry: Record<string, { files: string[]; format: 'jsonl' }[]> = {};
  for (const [kind, rows] of Object.entries<Rows>({ ...evidence })) {
    const file = await writeRows(dir, `${kind}.jsonl`, rows);
    if (file !== null) telemetry[kind] = [{ files: [file], format: 'jsonl' }];
  }
  await writeManifest(dir, {
    name,
    alert: {
      title: alertName ?? labels.alertname,
      severity: alertName === null ? labels.severity : 'critical',
      entity: { kind: 'service', name: entity },
      startedAt: toIsoWindow(window).end,
    },
    window: toIsoWindow(window),
    telemetry,
  });
  return benchCase(folder, name, [entity, ...(notes.read_replica ? [notes.read_replica] : [])]);
}

async function benchCase(
  folder: string,
  name: string,
  entityNames: readonly string[],
): Promise<BenchCase> {
  const answer = parse(await readPublished(folder, 'answer.yml')) as {
    readonly root_cause_category: string;
  };
  const category = answer.root_cause_category;
  return {
    ...{ name, origin: path.relative(path.join(folder, '../..'), folder) },
    ...{ fault: category, category, onset: null },
    entityNames: category === 'healthy' ? [] : entityNames,
    candidates: entityNames.length,
  };
}

/** All that was recorded, half an hour at least; it ends with the latest of it. */
export function windowOf(evidence: Evidence): { startAt: number; endAt: number } {
  const rows = [...evidence.metrics, ...evidence.logs, ...evidence.events];
  const instants = rows
    .flatMap(({ time, first_time: firstTime }) => [time, firstTime])
    .flatMap((time) => (typeof time === 'string' ? [Date.parse(time)] : []));
  const endAt = Math.max(...instants) + minuteMs;
  const recent = instants.filter((at) => at >= endAt - longestMs);
  return { startAt: Math.min(endAt - shortestMs, ...recent), endAt };
}

interface PublishedAlert {
  readonly commonLabels: {
    readonly alertname: string;
    readonly severity: string;
    readonly service: string;
  };
  readonly commonAnnotations: {
    readonly db_instance_identifier?: string;
    readonly read_replica?: string;
  };
}
