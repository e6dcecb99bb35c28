import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import { toIso } from '../../core/report/iso.ts';
import type { Alert } from '../../core/schemas/alert.ts';
import type { Window } from '../../core/schemas/primitives.ts';
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

/** A pattern of a case may name a thousand files. */
const filesPerFolder = 1_000;

/**
 * Writes kept telemetry as a case folder into the empty folder `dir`: the segments as they are, and an `incident.yaml`. The window begins no earlier than
 * what is kept: before that nothing was listening, which is no silence of the services. Gives the window as written.
 */
export async function writeKeptCase(
  dir: string,
  { name, alert, question, window }: KeptCase,
  {
    segments,
    ...place
  }: {
    readonly segments: readonly KeptSegment[];
    readonly nowAt: number;
    /** Hard links instead of copies: for what stays on this machine. */
    readonly isLinked: boolean;
  },
): Promise<Window> {
  const telemetry: Partial<Record<KeptKind, object[]>> = {};
  const firsts: number[] = [];
  for (const kind of keptKinds) {
    const ofKind = segments.filter((segment) => segment.kind === kind);
    const patterns: string[] = [];
    let placed = 0;
    for (const { file, ...segment } of ofKind) {
      const folder = `${kind}/${Math.floor(placed / filesPerFolder) + 1}`;
      if (placed % filesPerFolder === 0) await mkdir(path.join(dir, folder), { recursive: true });
      const target = path.join(dir, folder, path.basename(file));
      if (!(await placeLines({ file, ...segment }, target, place))) continue;
      if (placed === 0) firsts.push(await firstInstant(target));
      if (placed % filesPerFolder === 0) patterns.push(`${folder}/*.jsonl`);
      placed += 1;
    }
    if (placed > 0) telemetry[kind] = [{ files: patterns, format: 'otlp-json' }];
  }
  const clipped = clip(window, firsts);
  await writeFile(
    path.join(dir, 'incident.yaml'),
    stringify({
      version: 1,
      name,
      ...(question === null || question.trim() === '' ? {} : { question }),
      alert,
      window: { start: toIso(clipped.startAt), end: toIso(clipped.endAt) },
      telemetry,
    }),
  );
  return clipped;
}

/** What has no time, or one that nothing of this window has, says nothing. */
function clip({ startAt, endAt }: Window, firsts: readonly number[]): Window {
  const firstAt = Math.min(...firsts.filter((at) => at < endAt));
  return { startAt: Number.isFinite(firstAt) ? Math.max(startAt, firstAt) : startAt, endAt };
}
