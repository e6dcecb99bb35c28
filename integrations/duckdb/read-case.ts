import { lstat, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { AppError, isAppError } from '../../core/errors.ts';
import { caseManifestSchema } from '../../core/schemas/case.ts';
import type { CaseManifest, CaseSource } from '../../core/schemas/case.ts';
import { readAlertPayload, supportedAlertPayloads } from '../../core/schemas/alert-payload.ts';
import type { Alert } from '../../core/schemas/alert.ts';
import { caseError, casePathError } from './case-error.ts';
import type { CasePlace } from './case-error.ts';
import { mappingProblem } from './check-mapping.ts';
import { checkInside, findFiles } from './find-files.ts';
import { describeIssue, fieldOfPath, lineOfPath } from './manifest-issues.ts';

export const manifestName = 'incident.yaml';
const maxManifestBytes = 1_048_576;

/** The telemetry kinds that are read as tables. */
export const tableKinds = [
  'metrics',
  'logs',
  'traces',
  'changes',
  'topology',
  'alerts',
  'events',
  'state',
  'commands',
] as const;
export type TableKind = (typeof tableKinds)[number];

/** Every kind of telemetry that a case may hold; runbooks are documents. */
export const caseKinds = [...tableKinds, 'runbooks'] as const;
export type CaseKind = (typeof caseKinds)[number];

/** A file of a case that is to be read as one kind of telemetry. */
export interface CaseFile {
  /** Relative to the case folder, with `/`. */
  readonly file: string;
  readonly source: CaseSource;
  /** Where the manifest describes it. */
  readonly at: CasePlace;
}

/** The files of one kind, in the order in which they are read, and the patterns that found none. */
export interface KindFiles {
  readonly files: readonly CaseFile[];
  readonly unmatched: readonly string[];
}

/** A manifest whose alert is known, whether it stands in it or in a file of its own. */
export type AlertedManifest = CaseManifest & { readonly alert: Alert };

/** A case folder as found: its manifest and the files it names. */
export interface FoundCase {
  /** The real path of the folder. */
  readonly root: string;
  readonly manifest: AlertedManifest;
  readonly files: Readonly<Partial<Record<CaseKind, KindFiles>>>;
}

interface Parsed {
  readonly manifest: CaseManifest;
  readonly lineOf: (path: readonly PropertyKey[]) => number;
}

async function readManifestText(root: string): Promise<string> {
  const file = path.join(root, manifestName);
  const stats = await lstat(file).catch((error: unknown) => {
    throw caseError({ file: manifestName }, `cannot be read in ${path.basename(root)}`, error);
  });
  if (!stats.isFile()) {
    throw casePathError({ file: manifestName }, manifestName, 'is not a regular file');
  }
  if (stats.size > maxManifestBytes) {
    throw caseError({ file: manifestName }, `is larger than ${maxManifestBytes} bytes`);
  }
  const bytes = await readFile(file);
  const nulAt = bytes.indexOf(0);
  if (nulAt !== -1) {
    const line = bytes.subarray(0, nulAt).toString('latin1').split('\n').length;
    throw caseError({ file: manifestName, line }, 'has a NUL byte');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw caseError({ file: manifestName }, 'is not UTF-8', error);
  }
}

function toPlain(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: 50 });
  } catch (error) {
    throw caseError({ file: manifestName }, 'has too many aliases', error);
  }
}

/** A manifest as read, or all that is wrong with it. */
type Reading = { readonly parsed: Parsed } | { readonly errors: readonly AppError[] };

function readManifest(text: string): Reading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', schema: 'core' });
  if (document.errors.length > 0) {
    const errors = document.errors.map((broken) => {
      const says = broken.message.split(/ at line |\n/, 1)[0] ?? broken.code;
      return caseError(
        { file: manifestName, line: lines.linePos(broken.pos[0]).line },
        says,
        broken,
      );
    });
    return { errors };
  }
  const lineOf = (at: readonly PropertyKey[]): number => lineOfPath(document, lines, at);
  const result = caseManifestSchema.safeParse(toPlain(document));
  if (!result.success) {
    const errors = result.error.issues.map((one) => {
      const issue = describeIssue(one, document);
      const field = fieldOfPath(issue.path) || undefined;
      return caseError({ file: manifestName, line: lineOf(issue.path), field }, issue.says);
    });
    return { errors };
  }
  const parsed = { manifest: result.data, lineOf };
  const errors = mappingErrors(parsed);
  return errors.length > 0 ? { errors } : { parsed };
}

function parseManifest(text: string): Parsed {
  const reading = readManifest(text);
  if ('parsed' in reading) return reading.parsed;
  throw (
    reading.errors[0] ?? new AppError('bug.invariant', 'A manifest was refused without a reason')
  );
}

function mappingErrors({ manifest, lineOf }: Parsed): readonly AppError[] {
  return tableKinds.flatMap((kind) =>
    (manifest.telemetry[kind] ?? []).flatMap((source, index) => {
      const problem = mappingProblem(kind, source);
      if (problem === null) return [];
      const at = ['telemetry', kind, index, ...problem.path];
      const place = { file: manifestName, line: lineOf(at), field: fieldOfPath(at) };
      return [caseError(place, problem.says)];
    }),
  );
}

async function findKindFiles(
  root: string,
  parsed: Parsed,
  kind: CaseKind,
  sources: readonly CaseSource[],
): Promise<KindFiles> {
  const files = new Map<string, CaseFile>();
  const unmatched: string[] = [];
  for (const [index, source] of sources.entries()) {
    for (const [position, pattern] of source.files.entries()) {
      const at = ['telemetry', kind, index, 'files', position];
      const place = { file: manifestName, line: parsed.lineOf(at), field: fieldOfPath(at) };
      const found = await findFiles({ root, pattern, place });
      if (found.length === 0) unmatched.push(pattern);
      const entry = ['telemetry', kind, index];
      const described = { ...place, line: parsed.lineOf(entry), field: fieldOfPath(entry) };
      for (const file of found) {
        if (!files.has(file)) files.set(file, { file, source, at: described });
      }
    }
  }
  return { files: [...files.values()], unmatched };
}

/** Reads the alert from the webhook payload that the manifest names. */
async function readAlert(root: string, { manifest, lineOf }: Parsed): Promise<Alert> {
  const { alertFile = '' } = manifest;
  const place = { file: manifestName, line: lineOf(['alertFile']), field: 'alertFile' };
  const [file] = await findFiles({ root, pattern: alertFile, place });
  if (file === undefined) throw caseError(place, `there is no file ${alertFile}`);
  const path = await checkInside({ root, place }, file);
  const { size } = await lstat(path);
  if (size > maxManifestBytes)
    throw caseError({ file }, `is larger than ${maxManifestBytes} bytes`);
  let body: unknown;
  try {
    body = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw caseError({ file }, 'is not valid JSON', error);
  }
  const alert = readAlertPayload(body);
  if (alert !== null) return alert;
  const says = `is no webhook payload that is supported; those are ${supportedAlertPayloads.join(', ')}. Write the alert under "alert" instead`;
  throw caseError({ file }, says);
}

async function realFolder(dir: string): Promise<string> {
  return realpath(dir).catch((error: unknown) => {
    throw new AppError('not-found.case', `There is no case folder ${dir}`, { cause: error });
  });
}

/** Everything that the manifest of the case folder `dir` breaks; empty for one that is as it should be. Rejects with `not-found.case`. */
export async function manifestRemarks(dir: string): Promise<readonly AppError[]> {
  const root = await realFolder(dir);
  try {
    const reading = readManifest(await readManifestText(root));
    return 'errors' in reading ? reading.errors : [];
  } catch (error) {
    if (isAppError(error)) return [error];
    throw error;
  }
}

/** Reads and checks the manifest of the case folder `dir` and finds the files it names, without reading them. */
export async function findCase(dir: string): Promise<FoundCase> {
  const root = await realFolder(dir);
  const parsed = parseManifest(await readManifestText(root));
  const { telemetry } = parsed.manifest;
  const files: Partial<Record<CaseKind, KindFiles>> = {};
  for (const kind of caseKinds) {
    const sources = telemetry[kind];
    if (sources !== undefined) files[kind] = await findKindFiles(root, parsed, kind, sources);
  }
  const alert = parsed.manifest.alert ?? (await readAlert(root, parsed));
  return { root, manifest: { ...parsed.manifest, alert }, files };
}

/**
 * Reads `incident.yaml` of the case folder `dir` and checks that the files it names lie inside. Rejects with `not-found.case` where there is
 * no folder, `invalid.case` naming file, line and field, and `invalid.case-path`.
 */
export async function readCase(dir: string): Promise<AlertedManifest> {
  const { manifest } = await findCase(dir);
  return manifest;
}
