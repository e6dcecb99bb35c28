import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { lateMs } from '../../core/live-investigation.ts';
import type { Window } from '../../core/schemas/primitives.ts';

/** The kinds of telemetry that OTLP brings; each is kept in a folder of its name. */
export const keptKinds = ['traces', 'metrics', 'logs'] as const;
export type KeptKind = (typeof keptKinds)[number];

/** One file of received telemetry: an export request a line, in the order of arrival. */
export interface KeptSegment {
  readonly kind: KeptKind;
  /** Absolute. */
  readonly file: string;
  /** When its first line arrived, and when its last one did so far. */
  readonly openedAt: number;
  readonly writtenAt: number;
}

/** Lists what is kept of a window in `folder`, by kind and then in the order of arrival. A folder that is not there holds nothing. */
export async function listKeptSegments(
  folder: string,
  { startAt, endAt }: Window,
): Promise<readonly KeptSegment[]> {
  const segments: KeptSegment[] = [];
  for (const kind of keptKinds) {
    const names = await readdir(path.join(folder, kind)).catch(() => []);
    for (const name of names) {
      const openedAt = Number(/^(\d+)-\d+-\d+\.jsonl$/.exec(name)?.[1]);
      if (!(openedAt < endAt + lateMs)) continue;
      const file = path.join(folder, kind, name);
      const writtenAt = (await stat(file).catch(() => null))?.mtimeMs ?? 0;
      if (writtenAt >= startAt) segments.push({ kind, file, openedAt, writtenAt });
    }
  }
  return segments.toSorted(
    (one, other) =>
      keptKinds.indexOf(one.kind) - keptKinds.indexOf(other.kind) ||
      one.openedAt - other.openedAt ||
      (one.file < other.file ? -1 : 1),
  );
}
