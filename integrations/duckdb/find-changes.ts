import { versionChanges } from '../../core/analysis/changes/version-changes.ts';
import type { SeenInstance } from '../../core/analysis/changes/version-changes.ts';
import { changeDigestSchema } from '../../core/schemas/digest.ts';
import { toIso } from '../../core/report/iso.ts';
import { flattenAttributes } from './flatten-attributes.ts';
import { readLines } from './formats/lines.ts';
import { macros } from './macros.ts';
import { openDatabase } from './open-database.ts';
import type { Database, Row } from './open-database.ts';
import { asNumber, asText, asTextOrNull } from './row-values.ts';
import { textShape } from './signals/signal.ts';

/** Files of OTLP JSON, by the kind of telemetry; absolute. */
export type OtlpFiles = Readonly<Record<'traces' | 'metrics' | 'logs', readonly string[]>>;

/** A row of changes as the case format has it. */
export interface FoundChange {
  readonly time: string;
  readonly kind: string;
  readonly id: string;
  readonly service?: string;
  readonly revision?: string;
  readonly title?: string;
  readonly author?: string;
  readonly url?: string;
  readonly files?: string;
  readonly diff?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

const changeKinds = changeDigestSchema.shape.kind.options;
const memoryMegabytes = 1_000;
const maxInstances = 10_000;
const maxEvents = 1_000;
/** An event and the version that it brings tell of one deploy when they are this near, in milliseconds. */
const sameDeployMs = 300_000;
const points = { dataPoints: [textShape(['timeUnixNano'])] };

/** Where each kind has its instants: the path of lists down to the items, and how an item tells the time. */
const kinds = {
  traces: {
    resources: 'resourceSpans',
    scopes: 'scopeSpans',
    items: { spans: [textShape(['startTimeUnixNano'])] },
    times: 'list_transform(s.spans, lambda i: i.startTimeUnixNano)',
  },
  logs: {
    resources: 'resourceLogs',
    scopes: 'scopeLogs',
    items: { logRecords: [textShape(['timeUnixNano'])] },
    times: 'list_transform(s.logRecords, lambda i: i.timeUnixNano)',
  },
  metrics: {
    resources: 'resourceMetrics',
    scopes: 'scopeMetrics',
    items: { metrics: [{ sum: points, gauge: points, histogram: points }] },
    times: `flatten(list_transform(s.metrics, lambda m: list_transform(
      coalesce(m.sum, m.gauge, m.histogram).dataPoints, lambda i: i.timeUnixNano)))`,
  },
} as const;

/**
 * Finds the changes that received telemetry itself tells of: log records whose event name is `change`, and services that say another version than before. A
 * version whose deploy an event tells of is told once.
 */
export async function findChanges(files: OtlpFiles): Promise<readonly FoundChange[]> {
  const database = await openDatabase({
    files: Object.values(files).flat(),
    prepare: macros,
    memoryMegabytes,
  });
  try {
    const told = files.logs.length === 0 ? [] : await readEvents(database, files.logs);
    const seen = await readInstances(database, files);
    const deployed = versionChanges(seen).filter(
      (change) => !told.some((one) => tells(one, change)),
    );
    return [...told, ...deployed.map(toDeploy)].toSorted((one, other) =>
      one.time < other.time ? -1 : 1,
    );
  } finally {
    await database.close();
  }
}

type Deployed = ReturnType<typeof versionChanges>[number];

function tells(event: FoundChange, { service, version, at }: Deployed): boolean {
  if (event.service !== service) return false;
  if (event.revision === version) return true;
  const isNear = Math.abs(Date.parse(event.time) - at) <= sameDeployMs;
  return event.kind === 'deploy' && event.revision === undefined && isNear;
}

/** The instant is part of the id: a version may be deployed, rolled back and deployed again. */
function toDeploy({ service, version, before, at }: Deployed): FoundChange {
  const time = toIso(at);
  return {
    time,
    kind: 'deploy',
    id: `${service}@${version}/${time.slice(11, 19)}`.slice(0, 120),
    revision: version,
    service,
    title: `${service} runs ${version}, before it ran ${before}`,
  };
}

async function readInstances(
  database: Database,
  files: OtlpFiles,
): Promise<readonly SeenInstance[]> {
  const parts = Object.entries(kinds).flatMap(([kind, { resources, scopes, items, times }]) => {
    const paths = files[kind as keyof OtlpFiles];
    if (paths.length === 0) return [];
    const shape = { [resources]: [{ resource: { attributes: 'VARCHAR' }, [scopes]: [items] }] };
    return [
      `SELECT part.resource.attributes AS attributes,
         unnest(flatten(list_transform(part.${scopes}, lambda s: ${times}))) AS instant
       FROM (SELECT unnest(from_json(line, '${JSON.stringify(shape)}').${resources}) AS part
         FROM ${linesWith(paths, 'service.version')})`,
    ];
  });
  if (parts.length === 0) return [];
  const rows = await run(
    database,
    `WITH seen AS (
       SELECT attributes, min(nullif(nanos(instant), 0)) // 1000000 AS first, max(nanos(instant)) // 1000000 AS last
       FROM (${parts.join(' UNION ALL ')}) GROUP BY attributes LIMIT ${maxInstances})
     SELECT clean(otlp_attribute(attributes, 'service.name')) AS service,
       clean(otlp_attribute(attributes, 'service.version')) AS version, min(first) AS first, max(last) AS last
     FROM seen GROUP BY service, version, ${instanceNames.map((name) => `otlp_attribute(attributes, '${name}')`).join(', ')}
     HAVING service IS NOT NULL AND version IS NOT NULL AND min(first) IS NOT NULL`,
  );
  return rows.map((row) => ({
    service: asText(row['service']),
    version: asText(row['version']),
    firstAt: asNumber(row['first']),
    lastAt: asNumber(row['last']),
  }));
}

/** What tells one process of a service from another, as far as the resource says it. */
const instanceNames = ['service.instance.id', 'k8s.pod.name', 'host.name', 'process.pid'];

async function readEvents(
  database: Database,
  paths: readonly string[],
): Promise<readonly FoundChange[]> {
  const item = {
    ...textShape(['timeUnixNano', 'observedTimeUnixNano', 'eventName']),
    attributes: 'JSON',
    body: 'JSON',
  };
  const shape = {
    resourceLogs: [{ resource: { attributes: 'JSON' }, scopeLogs: [{ logRecords: [item] }] }],
  };
  const rows = await run(
    database,
    `WITH parts AS (
       SELECT unnest(from_json(line, '${JSON.stringify(shape)}').resourceLogs) AS part FROM ${linesWith(paths, 'change')}),
     items AS (
       SELECT clean(otlp_attribute(part.resource.attributes, 'service.name')) AS service,
         unnest(flatten(list_transform(part.scopeLogs, lambda s: s.logRecords))) AS item FROM parts)
     SELECT service, CAST(item.attributes AS VARCHAR) AS attributes, clean(otlp_value(item.body)) AS body,
       epoch_ms(coalesce(nano_time(item.timeUnixNano), nano_time(item.observedTimeUnixNano))) AS at_ms
     FROM items WHERE coalesce(item.eventName, otlp_attribute(item.attributes, 'event.name')) = 'change' AND at_ms IS NOT NULL
     ORDER BY at_ms LIMIT ${maxEvents}`,
  );
  return rows.map(toEvent);
}

/** Reads a record; what it does not say of a change is absent, and a kind that is none of the case format's is `infrastructure`. */
function toEvent(row: Row): FoundChange {
  const own = flattenAttributes(asTextOrNull(row['attributes']) ?? '[]', '[]');
  const time = toIso(asNumber(row['at_ms']));
  const kind = changeKinds.find((one) => one === own['change.kind']) ?? 'infrastructure';
  const service = own['change.service'] ?? asTextOrNull(row['service']) ?? undefined;
  const title = own['change.title'] ?? asTextOrNull(row['body']) ?? undefined;
  const given = {
    service,
    title,
    ...optional(own, ['revision', 'author', 'url', 'files', 'diff']),
    attributes: restOf(own),
  };
  return {
    time,
    kind,
    id: (own['change.id'] ?? own['change.revision'] ?? `${kind}-${service ?? ''}-${time}`).slice(
      0,
      120,
    ),
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  };
}

/** What an event says beside the change itself; undefined for nothing. */
function restOf(
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | undefined {
  const rest = Object.entries(own).filter(
    ([name]) => !name.startsWith('change.') && name !== 'event.name',
  );
  return rest.length === 0 ? undefined : Object.fromEntries(rest);
}

function optional(own: Readonly<Record<string, string>>, names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, own[`change.${name}`]]));
}

/** Lines that hold `word` as a JSON text: few lines do, and only those are worth reading as JSON. */
function linesWith(paths: readonly string[], word: string): string {
  const { sql } = readLines({ paths, isGzip: false });
  return `(SELECT line FROM ${sql} WHERE contains(line, '"${word}"') AND json_valid(line))`;
}

function run(database: Database, sql: string): Promise<readonly Row[]> {
  return database.run(sql, {}, new AbortController().signal);
}
