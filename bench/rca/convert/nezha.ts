import path from 'node:path';
import type { Window } from '../../../core/schemas/primitives.ts';
import type { BenchCase, Convert } from '../bench-case.ts';
import { toIso, toIsoWindow } from '../bench-case.ts';
import { instant, withDuck } from '../duck.ts';
import type { RunSql } from '../duck.ts';
import { makeCaseFolder, writeManifest, writeRows } from './case-folder.ts';
import { readRecording, serviceOfPod } from './nezha-recording.ts';
import type { NezhaFault, NezhaRecording, NezhaSystemName } from './nezha-recording.ts';
import { spreadWindows, without } from './windows.ts';

const minuteMs = 60_000;
const windowMs = 45 * minuteMs;
/** Faults last three to six minutes, so the window ends before most are over. */
const afterMs = 4 * minuteMs;
/** For how long a fault shows in the metrics, by the README of the data. */
const shows = { beforeMs: 30_000, afterMs: 6 * minuteMs };
const shortestBaselineMs = 10 * minuteMs;
const healthyOfEach = 20;

/**
 * Nezha: metrics of every pod, and traces and logs of the minutes around a fault. Known to be healthy are the minute that was recorded as normal and the stretches of the
 * day between faults, of which there are metrics only. Where logs are, the other minutes of the day are history too, as they are: nobody says what
 * was wrong in them. Services may be named; the alert is that of the entry.
 */
export function convertNezha(name: NezhaSystemName): Convert {
  return ({ from, to }) =>
    withDuck(async (run) => {
      const recording = await readRecording(run, from, name);
      const cases: BenchCase[] = [];
      for (const [index, fault] of recording.faults.entries()) {
        const id = `nezha-${name}-${String(index + 1).padStart(2, '0')}`;
        cases.push(await convertFault(run, recording, fault, { to, name: id }));
      }
      return cases;
    });
}

/** Healthy times between the faults, with such alerts; there are metrics of them only. */
export function convertHealthyNezha(name: NezhaSystemName): Convert {
  return ({ from, to }) =>
    withDuck(async (run) => {
      const recording = await readRecording(run, from, name);
      const windows = spreadWindows(healthyStretches(recording), windowMs, healthyOfEach);
      const cases: BenchCase[] = [];
      for (const [index, window] of windows.entries()) {
        const id = `healthy-nezha-${name}-${String(index + 1).padStart(2, '0')}`;
        await writeCase(run, recording, { to, name: id, window, own: null });
        cases.push({
          ...{
            name: id,
            origin: toIso(window.startAt),
            fault: 'none',
            entityNames: [],
            onset: null,
          },
          candidates: recording.services.length,
        });
      }
      return cases;
    });
}

async function convertFault(
  run: RunSql,
  recording: NezhaRecording,
  fault: NezhaFault,
  { to, name }: { readonly to: string; readonly name: string },
): Promise<BenchCase> {
  const endAt = Math.ceil((fault.at + afterMs) / minuteMs) * minuteMs;
  const window = { startAt: endAt - windowMs, endAt };
  await writeCase(run, recording, {
    ...{ to, name, window },
    own: { startAt: fault.at - shows.beforeMs, endAt },
  });
  return {
    ...{ name, origin: `${toIso(fault.at)} ${fault.pod}`, fault: fault.type },
    entityNames: [serviceOfPod(fault.pod), fault.pod],
    onset: toIso(fault.at),
    candidates: recording.services.length,
  };
}

interface CaseToWrite {
  readonly to: string;
  readonly name: string;
  readonly window: Window;
  /** The time of the fault, whose traces and logs belong to the case. */
  readonly own: Window | null;
}

async function writeCase(
  run: RunSql,
  recording: NezhaRecording,
  { to, name, window, own }: CaseToWrite,
): Promise<void> {
  const dir = await makeCaseFolder(to, name);
  const minutes = baselineMinutes(recording, window, own);
  const stretches = without(healthyStretches(recording, window.startAt), [window, ...minutes]);
  const long = stretches.filter((one) => one.endAt - one.startAt >= shortestBaselineMs);
  const seen = own === null ? minutes : [own, ...minutes];
  const pack = (table: string, columns: string, where: string): Promise<string | null> =>
    packRows(run, { table, columns, where, dir });
  const metrics = await pack('metrics', '*', within('time', [window, ...long]));
  const spans = await pack('spans', '*', within('make_timestamp(start // 1000)', seen));
  const lines = await pack('lines', '*', within('make_timestamp(time // 1000)', seen));
  const calls = await writeRows(dir, 'topology.jsonl', recording.relations);
  const noticedAt = own === null ? window.endAt - afterMs : own.startAt + shows.beforeMs;
  const source = { format: 'parquet' as const };
  await writeManifest(dir, {
    name,
    alert: {
      title: `Users of ${recording.entry} complain`,
      severity: 'critical',
      entity: { kind: 'service', name: recording.entry },
      startedAt: toIso(Math.ceil((noticedAt + minuteMs) / minuteMs) * minuteMs),
    },
    window: toIsoWindow(window),
    baselines: [...minutes, ...long].map(toIsoWindow),
    candidates: recording.services.map((service) => ({ kind: 'service', name: service })),
    telemetry: {
      ...(metrics !== null && { metrics: [{ files: [metrics], ...source }] }),
      ...(spans !== null && { traces: [{ files: [spans], ...source, time: { unit: 'ns' } }] }),
      ...(lines !== null && { logs: [{ files: [lines], ...source, time: { unit: 'ns' } }] }),
      ...(calls !== null && { topology: [{ files: [calls], format: 'jsonl' }] }),
    },
  });
}

/** The times between the faults, of one day or of all. */
function healthyStretches(recording: NezhaRecording, at?: number): readonly Window[] {
  const stretches = recording.stretches.filter(
    ({ startAt }) => at === undefined || dayOf(startAt) === dayOf(at),
  );
  return without(
    stretches,
    recording.faults.map((fault) => ({
      startAt: fault.at - shows.beforeMs,
      endAt: fault.at + shows.afterMs,
    })),
  );
}

const dayOf = (at: number): string => toIso(at).slice(0, 10);

/** The normal minute of the day, else of the other; and where there are logs the other minutes of the day, less a second at their ragged ends. */
function baselineMinutes(
  { minutes, hasLogs }: NezhaRecording,
  window: Window,
  own: Window | null,
): readonly Window[] {
  const isToday = (one: Window): boolean => dayOf(one.startAt) === dayOf(window.startAt);
  const normal = minutes.flatMap((one) => (one.isNormal ? [one.window] : []));
  const today = normal.filter(isToday);
  const isApart = (one: Window): boolean =>
    own === null || one.endAt <= own.startAt || one.startAt >= own.endAt;
  const others = minutes.flatMap((one) => {
    if (!hasLogs || own === null || one.isNormal || !isToday(one.window)) return [];
    const inner = { startAt: one.window.startAt + 1_000, endAt: one.window.endAt - 1_000 };
    return isApart(inner) ? [inner] : [];
  });
  return own === null ? [] : [...(today.length > 0 ? today : normal), ...others];
}

function within(time: string, windows: readonly Window[]): string {
  const parts = windows.map(
    ({ startAt, endAt }) => `(${time} >= ${instant(startAt)} AND ${time} < ${instant(endAt)})`,
  );
  return parts.length === 0 ? 'false' : parts.join(' OR ');
}

/** Writes rows of a table to a file of its name; null where there are none, and no file. */
async function packRows(
  run: RunSql,
  one: {
    readonly table: string;
    readonly columns: string;
    readonly where: string;
    readonly dir: string;
  },
): Promise<string | null> {
  const select = `SELECT ${one.columns} FROM ${one.table} WHERE ${one.where}`;
  const [row] = await run(`SELECT count(*) AS rows FROM (${select})`);
  if (Number(row?.['rows'] ?? 0) === 0) return null;
  const file = `${one.table}.parquet`;
  await run(
    `COPY (${select}) TO '${path.join(one.dir, file).replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`,
  );
  return file;
}
