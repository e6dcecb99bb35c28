import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import { toIso } from '../../core/report/iso.ts';
import type { Alert } from '../../core/schemas/alert.ts';
import type { Window } from '../../core/schemas/primitives.ts';
import { afterSilence } from './after-silence.ts';
import { placeLines } from './complete-lines.ts';
import { firstInstant } from './first-instant.ts';
import { keptKinds } from './kept-segments.ts';
import type { KeptKind, KeptSegment } from './kept-segments.ts';

/** What a case made of kept telemetry is to say of itself. */
export interface KeptCase {
  readonly name: string;
  readonly alert: Alert;
  readonly question: string | null;
  readonly window: Window;
}

/** Finds the changes that telemetry tells of: rows of the case format. The files are absolute. */
export type FindChanges = (
  files: Readonly<Record<KeptKind, readonly string[]>>,
) => Promise<readonly object[]>;

interface Placing {
  readonly segments: readonly KeptSegment[];
  readonly nowAt: number;
  readonly findChanges: FindChanges;
}

/** A pattern of a case may name a thousand files. */
const filesPerFolder = 1_000;

/**
 * Writes kept telemetry as a case folder into the empty folder `dir`: the segments as they are, the changes that they tell of, and an `incident.yaml`. The
 * window begins no earlier than what is kept, and after a total silence: then nobody listened, which is no silence of the services. Gives the window as
 * written.
 */
export async function writeKeptCase(
  dir: string,
  { name, alert, question, window }: KeptCase,
  placing: Placing,
): Promise<Window> {
  const files = {
    traces: await placeKind(dir, 'traces', placing),
    metrics: await placeKind(dir, 'metrics', placing),
    logs: await placeKind(dir, 'logs', placing),
  };
  const noticedAt = alert.startedAt === undefined ? window.endAt : Date.parse(alert.startedAt);
  const startAt = afterSilence(window, noticedAt, placing.segments);
  const clipped = await clip({ ...window, startAt }, Object.values(files));
  const changes = await placing.findChanges(files);
  await writeChanges(dir, changes);
  const telemetry = Object.fromEntries(
    keptKinds.flatMap((kind) => {
      const folders = [...new Set(files[kind].map((file) => path.basename(path.dirname(file))))];
      const patterns = folders.map((folder) => `${kind}/${folder}/*.jsonl`);
      return patterns.length === 0 ? [] : [[kind, [{ files: patterns, format: 'otlp-json' }]]];
    }),
  );
  await writeFile(
    path.join(dir, 'incident.yaml'),
    stringify({
      version: 1,
      name,
      ...(question === null || question.trim() === '' ? {} : { question }),
      alert,
      window: { start: toIso(clipped.startAt), end: toIso(clipped.endAt) },
      telemetry: {
        ...telemetry,
        ...(changes.length > 0 && { changes: [{ files: [changesFile], format: 'jsonl' }] }),
      },
    }),
  );
  return clipped;
}

/** Puts the segments of one kind into folders of as many files as a pattern may name; gives the files that have something in them. */
async function placeKind(
  dir: string,
  kind: KeptKind,
  { segments, nowAt }: Placing,
): Promise<readonly string[]> {
  const placed: string[] = [];
  for (const segment of segments.filter((one) => one.kind === kind)) {
    const folder = path.join(dir, kind, String(Math.floor(placed.length / filesPerFolder) + 1));
    await mkdir(folder, { recursive: true });
    const target = path.join(folder, path.basename(segment.file));
    if (await placeLines(segment, target, nowAt)) placed.push(target);
  }
  return placed;
}

const changesFile = 'changes/found.jsonl';

async function writeChanges(dir: string, changes: readonly object[]): Promise<void> {
  if (changes.length === 0) return;
  await mkdir(path.join(dir, path.dirname(changesFile)));
  const lines = changes.map((change) => `${JSON.stringify(change)}\n`);
  await writeFile(path.join(dir, changesFile), lines.join(''));
}

/** What has no time, or one that nothing of this window has, says nothing. */
async function clip(
  { startAt, endAt }: Window,
  files: readonly (readonly string[])[],
): Promise<Window> {
  const firsts: number[] = [];
  for (const [file] of files) {
    if (file !== undefined) firsts.push(await firstInstant(file));
  }
  const firstAt = Math.min(...firsts.filter((at) => at < endAt));
  return { startAt: Number.isFinite(firstAt) ? Math.max(startAt, firstAt) : startAt, endAt };
}
