import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { caseOf } from './incidents.ts';
import { incidentsDir } from './line.ts';

/** A bundled incident as export requests of OTLP JSON that happened just now: a line each, by the folder they are kept in. */
export interface ReceivedIncident {
  readonly alert: Readonly<Record<string, unknown>>;
  /** From when to when the recording goes, as told anew. */
  readonly window: { readonly start: string; readonly end: string };
  readonly lines: Readonly<Record<'traces' | 'logs' | 'metrics', readonly string[]>>;
}

interface LogRow {
  readonly time: string;
  readonly severity: string;
  readonly service: string;
  readonly instance: string;
  readonly body: string;
  readonly trace_id?: string;
  readonly span_id?: string;
}

const nanosOf = (at: number): string => `${Math.round(at)}000000`;

/** The `service.version` that a service says at an instant of the recording; null for none. */
export type VersionOf = (service: string, recordedAt: number) => string | null;

/**
 * The deploy of the bundled bad deploy, as its service would say it: the recording says it in its changes only. A line of the recording holds seconds of spans, so
 * the line that the deploy falls into is given to the new version.
 */
export const badDeployVersion: VersionOf = (service, recordedAt) =>
  service !== 'checkout'
    ? null
    : recordedAt < Date.parse('2026-11-21T10:59:49Z')
      ? 'checkout-r118'
      : 'checkout-r119';

/** Tells a bundled incident anew so that it ends at `endAt`. */
export async function retellIncident(
  alias: string,
  { endAt, versionOf = () => null }: { readonly endAt: number; readonly versionOf?: VersionOf },
): Promise<ReceivedIncident> {
  const dir = join(incidentsDir, caseOf(alias));
  const { alert, window } = parse(await readFile(join(dir, 'incident.yaml'), 'utf8')) as {
    readonly alert: { readonly startedAt: string };
    readonly window: { readonly start: string; readonly end: string };
  };
  const shiftMs = Math.round(endAt - Date.parse(window.end));
  const shifted = (time: string): string => new Date(Date.parse(time) + shiftMs).toISOString();
  const read = async (name: string): Promise<readonly string[]> =>
    gunzipSync(await readFile(join(dir, name)))
      .toString('utf8')
      .trim()
      .split('\n');
  return {
    alert: { ...alert, startedAt: shifted(alert.startedAt) },
    window: { start: shifted(window.start), end: shifted(window.end) },
    lines: {
      traces: (await read('traces.jsonl.gz')).map((line) => retellTrace(line, shiftMs, versionOf)),
      logs: (await read('logs.jsonl.gz')).map((line) => retellLog(line, shiftMs)),
      metrics: (await read('metrics.csv.gz')).slice(1).flatMap((row) => retellMetric(row, shiftMs)),
    },
  };
}

function retellTrace(line: string, shiftMs: number, versionOf: VersionOf): string {
  const shifted = line.replaceAll(
    /("(?:start|end)TimeUnixNano":)"(\d+)"/g,
    (_all, key: string, nanos: string) => `${key}"${BigInt(nanos) + BigInt(shiftMs) * 1_000_000n}"`,
  );
  const service = /"service\.name","value":\{"stringValue":"([^"]+)"/.exec(line)?.[1];
  const startNanos = /"startTimeUnixNano":"(\d+)"/.exec(line)?.[1];
  const version = versionOf(service ?? '', Number(startNanos) / 1e6);
  if (version === null) return shifted;
  const attribute = JSON.stringify(textAttribute('service.version', version));
  return shifted.replace('"resource":{"attributes":[', `"resource":{"attributes":[${attribute},`);
}

function retellLog(line: string, shiftMs: number): string {
  const row = JSON.parse(line) as LogRow;
  const record = {
    timeUnixNano: nanosOf(Date.parse(row.time) + shiftMs),
    severityText: row.severity,
    body: { stringValue: row.body },
    ...(row.trace_id === undefined ? {} : { traceId: row.trace_id, spanId: row.span_id }),
  };
  const resource = resourceOf(row.service, row.instance);
  return JSON.stringify({
    resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }],
  });
}

/** Gauges and counters; what a recording says of histograms are quantiles, which OTLP does not tell so. */
function retellMetric(row: string, shiftMs: number): readonly string[] {
  const [time = '', metric, value, service = '', instance = '', , statistic, unit, kind] =
    row.split(',');
  if (kind === 'histogram' || statistic !== '') return [];
  const attributes = /"(\{.*\})"/.exec(row)?.[1]?.replaceAll('""', '"') ?? '{}';
  const points = [
    {
      timeUnixNano: nanosOf(Date.parse(time) + shiftMs),
      asDouble: Number(value),
      attributes: Object.entries(JSON.parse(attributes) as object).map(([key, one]) =>
        textAttribute(key, String(one)),
      ),
    },
  ];
  const data =
    kind === 'counter'
      ? { sum: { isMonotonic: true, aggregationTemporality: 2, dataPoints: points } }
      : { gauge: { dataPoints: points } };
  const resource = resourceOf(service, instance);
  const metrics = [{ name: metric, unit, ...data }];
  return [JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] })];
}

function resourceOf(service: string, instance: string): object {
  return {
    attributes: [
      textAttribute('service.name', service),
      textAttribute('service.instance.id', instance),
    ],
  };
}

function textAttribute(key: string, value: string): object {
  return { key, value: { stringValue: value } };
}

/** Keeps lines as the receiver would: one segment a kind, the `number`-th of this process. */
export async function keepLines(
  stateDir: string,
  lines: Partial<ReceivedIncident['lines']>,
  { openedAt, number = 1 }: { readonly openedAt: number; readonly number?: number },
): Promise<void> {
  for (const [kind, ofKind] of Object.entries(lines)) {
    const folder = join(stateDir, 'telemetry', kind);
    await mkdir(folder, { recursive: true });
    const name = `${openedAt}-${process.pid}-${number}.jsonl`;
    await writeFile(join(folder, name), ofKind.map((line) => `${line}\n`).join(''));
  }
}

/** Parts lines by when what they tell of begins: before `at`, in epoch milliseconds, and from then on. */
export function partLines(
  { traces, logs, metrics }: ReceivedIncident['lines'],
  at: number,
): readonly [before: ReceivedIncident['lines'], after: ReceivedIncident['lines']] {
  const isBefore = (line: string): boolean =>
    Number(/"(?:startTimeUnixNano|timeUnixNano)":"(\d+)"/.exec(line)?.[1]) < at * 1e6;
  const isAfter = (line: string): boolean => !isBefore(line);
  return [
    {
      traces: traces.filter(isBefore),
      logs: logs.filter(isBefore),
      metrics: metrics.filter(isBefore),
    },
    {
      traces: traces.filter(isAfter),
      logs: logs.filter(isAfter),
      metrics: metrics.filter(isAfter),
    },
  ];
}
