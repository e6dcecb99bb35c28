import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import type { UserAlert } from './alert.ts';
import type { Export } from './collector.ts';
import { historyReadme } from './history.ts';
import { toLogLines } from './log-lines.ts';
import { toMetricCsv, toMetricRows } from './metric-rows.ts';
import type { MetricRow } from './metric-rows.ts';
import { toTraceLines } from './trace-lines.ts';
import type { Window } from './trace-lines.ts';
import type { PlannedChange } from './plan.ts';

/** A change with the moment it really happened. */
export interface DatedChange {
  readonly atMs: number;
  readonly change: PlannedChange;
}

/** What a recording is written from. */
export interface Recording {
  readonly window: Window;
  readonly alert: UserAlert;
  readonly exports: readonly Export[];
  readonly changes: readonly DatedChange[];
  readonly history: { readonly hours: number; readonly rows: readonly MetricRow[] } | null;
}

const toIso = (epochMs: number): string => new Date(Math.round(epochMs)).toISOString();

function toManifest(name: string, recording: Recording): string {
  const { window, history } = recording;
  return stringify({
    version: 1,
    name,
    alert: recording.alert,
    window: { start: toIso(window.startMs), end: toIso(window.endMs) },
    ...(history !== null && { baselines: [baselineOf(window, history.hours)] }),
    telemetry: {
      metrics: [
        { files: ['metrics.csv.gz'], format: 'csv' },
        ...(history === null ? [] : [{ files: ['history.csv.gz'], format: 'csv' }]),
      ],
      logs: [{ files: ['logs.jsonl.gz'], format: 'jsonl' }],
      traces: [{ files: ['traces.jsonl.gz'], format: 'otlp-json' }],
      changes: [{ files: ['changes.jsonl'], format: 'jsonl' }],
    },
  });
}

/** The generated hours before the recording, which are read because they are named as healthy. */
function baselineOf(
  window: Window,
  hours: number,
): { readonly start: string; readonly end: string } {
  return { start: toIso(window.startMs - hours * 3_600_000), end: toIso(window.startMs) };
}

function toChangeLines(changes: readonly DatedChange[]): readonly string[] {
  return [...changes]
    .sort((one, other) => one.atMs - other.atMs)
    .map(({ atMs, change }) => JSON.stringify({ time: toIso(atMs), ...change }));
}

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');
const zip = (text: string): Buffer => gzipSync(text, { level: 9 });

function filesOf(name: string, recording: Recording): Readonly<Record<string, string | Buffer>> {
  const { exports, window, history } = recording;
  return {
    'incident.yaml': toManifest(name, recording),
    'metrics.csv.gz': zip(toMetricCsv(toMetricRows(exports, window))),
    'logs.jsonl.gz': zip(lines(toLogLines(exports, window))),
    'traces.jsonl.gz': zip(lines(toTraceLines(exports, window))),
    'changes.jsonl': lines(toChangeLines(recording.changes)),
    ...(history !== null && {
      'history.csv.gz': zip(toMetricCsv(history.rows)),
      'README.md': historyReadme(history.hours),
    }),
  };
}

/** A short name that says nothing: four digits of a hash over something nobody can guess. */
function drawName(): string {
  return `shop-${createHash('sha256').update(randomUUID()).digest('hex').slice(0, 4)}`;
}

/**
 * Writes a recording as a case folder under `outDir` and returns its name. The folder is filled under a hidden name
 * and then renamed, so a case is there whole or not at all; a name already taken is drawn again.
 */
export async function writeCase(outDir: string, recording: Recording): Promise<string> {
  for (;;) {
    const name = drawName();
    const draft = path.join(outDir, `.${name}-${randomUUID()}`);
    await mkdir(draft, { recursive: true });
    try {
      for (const [file, content] of Object.entries(filesOf(name, recording))) {
        await writeFile(path.join(draft, file), content);
      }
      await rename(draft, path.join(outDir, name));
      return name;
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      const isTaken =
        error instanceof Error &&
        'code' in error &&
        (error.code === 'ENOTEMPTY' || error.code === 'EEXIST');
      if (!isTaken) throw error;
    }
  }
}
