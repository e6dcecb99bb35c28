import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import { openCase } from '../../../integrations/duckdb/open-case.ts';
import { openTestFolder } from '../../support/test-folder.ts';

export const never = new AbortController().signal;

/** The window of the cases that `manifest` writes. */
export const windowStart = '2026-11-20T09:00:00Z';
export const windowEnd = '2026-11-20T10:00:00Z';

/** The smallest manifest, with `telemetry` as its lines of YAML. */
export function manifest(telemetry: readonly string[] = []): string {
  return [
    'version: 1',
    'name: tried',
    'alert: { title: Something hurts }',
    `window: { start: ${windowStart}, end: ${windowEnd} }`,
    ...(telemetry.length === 0 ? [] : ['telemetry:', ...telemetry.map((line) => `  ${line}`)]),
    '',
  ].join('\n');
}

export interface CaseFolder {
  readonly dir: string;
  remove(): void;
}

/** Writes a case folder of `files` under the system's temporary folder. */
export async function writeCaseFolder(
  files: Readonly<Record<string, string | Buffer>>,
): Promise<CaseFolder> {
  const folder = openTestFolder('case');
  const dir = folder.open();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
    await writeFile(path.join(dir, name), content);
  }
  return { dir, remove: () => folder.remove() };
}

/** A file of a case as a test writes it; `mapping` is what the manifest says of it besides, as YAML within braces. */
export interface TestFile {
  readonly name: string;
  readonly format: string;
  readonly content: string | Buffer;
  readonly mapping?: string;
}

/** Opens a case of one signal in one file, lets `work` read it, and removes it. */
export async function withFile<Result>(
  signal: string,
  file: TestFile,
  work: (telemetry: Telemetry) => Promise<Result>,
): Promise<Result> {
  const { name, format, mapping } = file;
  const more = mapping === undefined ? '' : `, ${mapping}`;
  const folder = await writeCaseFolder({
    'incident.yaml': manifest([`${signal}: [{ files: ["${name}"], format: ${format}${more} }]`]),
    [name]: file.content,
  });
  return withCase(folder, work);
}

/** Opens the case in `dir` and lets `work` read it. */
export async function readDir<Result>(
  dir: string,
  work: (telemetry: Telemetry) => Promise<Result>,
): Promise<Result> {
  const opened = await openCase({ dir });
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

/** Opens `folder`, lets `work` read it, and removes it. */
export async function withCase<Result>(
  folder: CaseFolder,
  work: (telemetry: Telemetry) => Promise<Result>,
): Promise<Result> {
  try {
    return await readDir(folder.dir, work);
  } finally {
    folder.remove();
  }
}

const limit = 100;

export const readMetrics = ({ metrics, window }: Telemetry) => metrics({ window, limit }, never);
export const readLogs = ({ logs, window }: Telemetry) => logs({ window, limit }, never);
/** What else is known of each log line. */
export async function readLogAttributes(telemetry: Telemetry) {
  const { rows } = await readLogs(telemetry);
  const known = await telemetry.logAttributes(
    rows.map(({ row }) => row),
    never,
  );
  return rows.map(({ row }) => known.get(row));
}
export const readSpans = ({ spans, window }: Telemetry) => spans({ window, limit }, never);
export const readChanges = ({ changes, window }: Telemetry) => changes({ window, limit }, never);

/** The values of all series, by metric. */
export async function readValues(
  telemetry: Telemetry,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const { rows } = await readMetrics(telemetry);
  return Object.fromEntries(rows.map(({ metric, values }) => [metric, values]));
}

export const csv = (content: string | Buffer, name = 'data.csv') => ({
  name,
  format: 'csv',
  content,
});

export const jsonl = (content: string | Buffer, name = 'data.jsonl') => ({
  name,
  format: 'jsonl',
  content,
});

/** Lines joined as a file. */
export function lines(...texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

/** Objects as JSON lines. */
export function jsonLines(...objects: readonly object[]): string {
  return lines(...objects.map((object) => JSON.stringify(object)));
}
