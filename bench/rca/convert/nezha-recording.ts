import { existsSync, readdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Window } from '../../../core/schemas/primitives.ts';
import { quoted, textOf } from '../duck.ts';
import type { RunSql } from '../duck.ts';
import { readPublished } from './case-folder.ts';
import { stretchesOf } from './windows.ts';

const systems = {
  ob: { entry: 'frontend', days: ['2022-08-22', '2022-08-23'] },
  tt: { entry: 'ts-gateway-service', days: ['2023-01-29', '2023-01-30'] },
} as const;
export type NezhaSystemName = keyof typeof systems;

export interface NezhaFault {
  readonly at: number;
  readonly pod: string;
  readonly type: string;
}

/** A minute of traces and logs; `isNormal` for those that were recorded as what is normal. */
interface NezhaMinute {
  readonly window: Window;
  readonly isNormal: boolean;
  readonly hasLogs: boolean;
}

/** What was recorded of one system; its samples, spans and log lines are the tables `metrics`, `spans` and `lines`. */
export interface NezhaRecording {
  readonly entry: string;
  readonly services: readonly string[];
  /** In order of time. */
  readonly faults: readonly NezhaFault[];
  readonly minutes: readonly NezhaMinute[];
  /** Times of which metrics were recorded without a gap. */
  readonly stretches: readonly Window[];
  readonly relations: readonly Readonly<Record<string, string>>[];
  /** There are logs of most minutes. */
  readonly hasLogs: boolean;
}

const minuteMs = 60_000;
const gapMs = 100_000;

/** The pod's name without what its replica set added. */
export function serviceOfPod(pod: string): string {
  return pod.split('-').slice(0, -2).join('-');
}

/** Reads everything of a system into the tables of a database. */
export async function readRecording(
  run: RunSql,
  from: string,
  name: NezhaSystemName,
): Promise<NezhaRecording> {
  const { entry, days } = systems[name];
  await loadTables(run, from, systems[name]);
  const faults: NezhaFault[] = [];
  const minutes: NezhaMinute[] = [];
  const stretches: Window[] = [];
  for (const day of days) {
    const rows = await run(
      `SELECT DISTINCT epoch_ms(time) AS instant FROM metrics WHERE metric = 'SuccessRate' AND time::DATE = '${day}' ORDER BY instant`,
    );
    const instants = rows.map((row) => Number(row['instant']));
    const second = new Date(instants[0] ?? 0).getUTCSeconds();
    stretches.push(...stretchesOf(instants, gapMs));
    minutes.push(...(await readMinutes(from, day, second)));
    const folder = path.join(from, 'rca_data', day);
    faults.push(...faultsOf(await readPublished(folder, `${day}-fault_list.json`)));
  }
  const services = await run('SELECT DISTINCT service FROM metrics ORDER BY service');
  return {
    ...{ entry, faults, minutes, stretches },
    services: services.map((row) => textOf(row['service'])),
    relations: await readRelations(path.join(from, 'rca_data', days[0], 'metric')),
    hasLogs: minutes.filter((one) => one.hasLogs).length > minutes.length / 2,
  };
}

/** Reads the faults of a day in order of time. Of their times only `inject_time` can be trusted, as UTC. */
export function faultsOf(text: string): readonly NezhaFault[] {
  const hours = JSON.parse(text) as Readonly<
    Record<
      string,
      readonly {
        readonly inject_time: string;
        readonly inject_pod: string;
        readonly inject_type: string;
      }[]
    >
  >;
  return Object.values(hours)
    .flat()
    .map(({ inject_time: time, inject_pod: pod, inject_type: type }) => ({
      at: Date.parse(`${time.replace(' ', 'T')}Z`),
      pod,
      type,
    }))
    .toSorted((one, other) => one.at - other.at);
}

async function readMinutes(
  from: string,
  day: string,
  second: number,
): Promise<readonly NezhaMinute[]> {
  const list = async (root: string, isNormal: boolean): Promise<readonly NezhaMinute[]> => {
    const dir = path.join(from, root, day, 'trace');
    const files = existsSync(dir) ? await readdir(dir) : [];
    return files.toSorted().map((file) => ({
      window: windowOfMinute(day, file, second),
      isNormal,
      hasLogs: existsSync(path.join(dir, '../log', file.replace('trace', 'log'))),
    }));
  };
  return [...(await list('construct_data', true)), ...(await list('rca_data', false))];
}

/** The minute that a file `HH_MM` tells of: it ends in that minute, at the second at which metrics are taken. */
export function windowOfMinute(day: string, file: string, second: number): Window {
  const [hour, minute] = file.split('_');
  const endAt = Date.parse(`${day}T${hour}:${minute}:00Z`) + second * 1_000;
  return { startAt: endAt - minuteMs, endAt };
}

/** Who calls whom and who runs where, where the system comes with it; nodes have addresses for names. */
async function readRelations(folder: string): Promise<NezhaRecording['relations']> {
  if (!existsSync(path.join(folder, 'dependency.csv.gz'))) return [];
  return relationsOf(await readPublished(folder, 'dependency.csv'));
}

export function relationsOf(text: string): NezhaRecording['relations'] {
  const lines = text.trim().split('\n').slice(1);
  return lines.map((line) => {
    const [from = '', to = ''] = line.split(',');
    return /^[\d.]+$/.test(to) ? { from, to, kind: 'runs-on', to_kind: 'node' } : { from, to };
  });
}

/** A name such as `PodServerLatencyP90(s)`, taken apart into metric, statistic and unit. */
const nameParts = `regexp_extract(name, '^(.*?)(?:P(\\d{2}))?(?:\\((.*)\\))?$', ['metric', 'number', 'unit'])`;
/** Of the two times of a row the text can be trusted. */
const timeOf = (column: string): string => `strptime(left(${column}, 19), '%Y-%m-%d %H:%M:%S')`;
const owner = `regexp_replace("PodName", '(-[^-]+){2}$', '') AS service, "PodName" AS instance`;
const dialect = `header = true, delim = ',', quote = '"', escape = '"'`;

/** Makes the tables of both days of a system. */
async function loadTables(
  run: RunSql,
  from: string,
  system: { readonly entry: string; readonly days: readonly string[] },
): Promise<void> {
  const found = (folder: string, ending: string): string | null => {
    const patterns = ['rca_data', 'construct_data'].flatMap((root) =>
      system.days.map((day) => path.join(from, root, day, folder, `*${ending}.csv.gz`)),
    );
    const files = patterns.filter((pattern) => holdsFile(pattern, `${ending}.csv.gz`));
    return files.length === 0 ? null : `[${files.map(quoted).join(', ')}]`;
  };
  await loadMetrics(run, found, system.entry);
  await run(`CREATE OR REPLACE TABLE spans AS
    SELECT "TraceID" AS trace_id, "SpanID" AS span_id, nullif("ParentID", 'root') AS parent_span_id, ${owner}, "OperationName" AS name,
      "StartTimeUnixNano"::BIGINT AS start, "EndTimeUnixNano"::BIGINT - start AS duration_ns
    FROM read_csv(${found('trace', '_trace')}, all_varchar = true, ${dialect})`);
  const columns = 'Timestamp TimeUnixNano Node PodName Container TraceID SpanID Log'.split(' ');
  // One published row has the end of another at its end, and is left out.
  const logs = `read_csv(${found('log', '_log')}, columns = {${columns.map((name) => `'${name}': 'VARCHAR'`).join(', ')}},
    auto_detect = false, ignore_errors = true, ${dialect})`;
  const word = `nullif(regexp_extract(left(body, 40), '\\b[A-Z]{4,5}\\b'), '')`;
  await run(`CREATE OR REPLACE TABLE lines AS
    SELECT "TimeUnixNano"::BIGINT AS time, ${owner}, "Node" AS node, "TraceID" AS trace_id, "SpanID" AS span_id, body,
      coalesce(json_extract_string(try_cast(body AS JSON), '$.severity'), ${word}) AS severity
    FROM (SELECT *, rtrim(json_extract_string("Log", '$.log'), E' \n') AS body FROM ${logs})`);
}

function holdsFile(pattern: string, ending: string): boolean {
  const dir = path.dirname(pattern);
  return existsSync(dir) && readdirSync(dir).some((file) => file.endsWith(ending));
}

async function loadMetrics(
  run: RunSql,
  found: (folder: string, ending: string) => string | null,
  entry: string,
): Promise<void> {
  /** One row a sample of files with one column a metric; `not` are the columns that are no metrics. */
  const long = (ending: string, not: readonly string[]): string | null => {
    const files = found('metric', ending);
    const others = not.map((name) => `"${name}"`).join(', ');
    return files === null
      ? null
      : `(UNPIVOT read_csv(${files}, all_varchar = true, union_by_name = true, ${dialect})
          ON COLUMNS(* EXCLUDE (${others})) INTO NAME name VALUE value)`;
  };
  const samples = (table: string, whose: string): string => `
    SELECT * EXCLUDE (part), part.metric AS metric, CASE WHEN part.number <> '' THEN 'p' || part.number END AS statistic,
      CASE part.unit WHEN 'Mi' THEN 'MiBy' ELSE nullif(part.unit, '') END AS unit
    FROM (SELECT ${timeOf('"Time"')} AS time, ${whose}, ${nameParts} AS part, try_cast(value AS DOUBLE) AS value FROM ${table})
    WHERE isfinite(value)`;
  const pods = long('_metric', ['Time', 'TimeStamp', 'PodName']);
  const front = long('front_service', ['Time', 'TimeStamp', 'ServiceName']);
  await run(
    `CREATE OR REPLACE TABLE metrics AS ${samples(pods ?? '', `${owner}, NULL::VARCHAR AS peer`)}`,
  );
  await run(`INSERT INTO metrics BY NAME ${samples(front ?? '', `${quoted(entry)} AS service`)}`);
  for (const reporter of ['source', 'destination']) {
    const edges = long(`${reporter}_50`, ['time', 'timestamp']);
    if (edges === null) continue;
    await run(`INSERT INTO metrics BY NAME
      SELECT ${timeOf('time')} AS time, split_part(name, '_', 1) AS service, split_part(name, '_', 2) AS peer,
        'latency_at_${reporter}' AS metric, 'p50' AS statistic, 's' AS unit, try_cast(value AS DOUBLE) AS value
      FROM ${edges} WHERE isfinite(try_cast(value AS DOUBLE))`);
  }
}
