import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { keptKinds } from '../../../integrations/otlp/kept-segments.ts';
import type { KeptKind } from '../../../integrations/otlp/kept-segments.ts';

export function isKeptKind(name: string): name is KeptKind {
  return (keptKinds as readonly string[]).includes(name);
}

/** The names of the segments of one kind, oldest first. */
export async function segmentsIn(dir: string, kind: KeptKind): Promise<readonly string[]> {
  const names = await readdir(join(dir, kind)).catch(() => []);
  return names.toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }));
}

/** All whole lines that are kept of one kind. */
export async function linesIn(dir: string, kind: KeptKind): Promise<readonly string[]> {
  const names = await segmentsIn(dir, kind);
  const files = await Promise.all(names.map((name) => readFile(join(dir, kind, name), 'utf8')));
  return files.flatMap((content) => content.split('\n').slice(0, -1));
}
