import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { caseManifestSchema } from '../../../core/schemas/case.ts';
import type { z } from '../../../core/schemas/z.ts';

type Manifest = Omit<z.input<typeof caseManifestSchema>, 'version'>;

/** Writes the manifest of a case, after the folder has its files; rejects one that the format does not allow. */
export async function writeManifest(dir: string, manifest: Manifest): Promise<void> {
  const whole = { version: 1, ...manifest };
  caseManifestSchema.parse(whole);
  await writeFile(
    path.join(dir, 'incident.yaml'),
    stringify(whole, { aliasDuplicateObjects: false }),
  );
}

export async function makeCaseFolder(to: string, name: string): Promise<string> {
  const dir = path.join(to, name);
  await mkdir(dir, { recursive: true });
  return dir;
}

/** Writes rows as JSON lines and gives the name of the file; null where there are none, and no file. */
export async function writeRows(
  dir: string,
  file: string,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<string | null> {
  if (rows.length === 0) return null;
  await writeFile(path.join(dir, file), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}

/** The path of a published file, which may be gzipped; null where there is none. */
export function publishedFile(folder: string, name: string): string | null {
  return (
    [name, `${name}.gz`].map((file) => path.join(folder, file)).find((file) => existsSync(file)) ??
    null
  );
}

/** Reads a published file as text, gzipped or not. */
export async function readPublished(folder: string, name: string): Promise<string> {
  const file = publishedFile(folder, name);
  if (file === null) throw new Error(`there is no ${name} in ${folder}`);
  const bytes = await readFile(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** Copies a published file as it is and gives its name, with a prefix where two have one name; null where there is none. */
export async function copyPublished(
  folder: string,
  name: string,
  dir: string,
  prefix = '',
): Promise<string | null> {
  const file = publishedFile(folder, name);
  if (file === null) return null;
  const copy = `${prefix}${path.basename(file)}`;
  await copyFile(file, path.join(dir, copy));
  return copy;
}
