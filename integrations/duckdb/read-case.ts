import { lstat, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { AppError } from '../../core/errors.ts';
import { caseManifestSchema } from '../../core/schemas/case.ts';
import type { CaseManifest, CaseSource } from '../../core/schemas/case.ts';
import { caseError, casePathError } from './case-error.ts';
import type { CasePlace } from './case-error.ts';
import { mappingProblem } from './check-mapping.ts';
import { findFiles } from './find-files.ts';
import { describeIssue, fieldOfPath, lineOfPath } from './manifest-issues.ts';

export const manifestName = 'incident.yaml';
const maxManifestBytes = 1_048_576;

/** The telemetry kinds that are read as tables; the others a manifest may name are stated as gaps. */
export const tableKinds = ['metrics', 'logs', 'traces', 'changes'] as const;
export type TableKind = (typeof tableKinds)[number];

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

/** A case folder as found: its manifest and the files it names. */
export interface FoundCase {
  /** The real path of the folder. */
  readonly root: string;
  readonly manifest: CaseManifest;
  readonly files: Readonly<Partial<Record<TableKind, KindFiles>>>;
  /** Kinds that the manifest names and that are not read yet. */
  readonly unread: readonly string[];
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

function parseManifest(text: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', schema: 'core' });
  const broken = document.errors[0];
  if (broken !== undefined) {
    const says = broken.message.split(/ at line |\n/, 1)[0] ?? broken.code;
    throw caseError({ file: manifestName, line: lines.linePos(broken.pos[0]).line }, says, broken);
  }
  const lineOf = (at: readonly PropertyKey[]): number => lineOfPath(document, lines, at);
  const parsed = caseManifestSchema.safeParse(toPlain(document));
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    if (first === undefined) throw new AppError('bug.invariant', 'zod refused without an issue');
    const issue = describeIssue(first, document);
    const field = fieldOfPath(issue.path) || undefined;
    throw caseError({ file: manifestName, line: lineOf(issue.path), field }, issue.says);
  }
  return { manifest: parsed.data, lineOf };
}

function refuseUnsupported({ manifest, lineOf }: Parsed): void {
  const refuse = (at: readonly PropertyKey[], says: string): never => {
    throw caseError({ file: manifestName, line: lineOf(at), field: fieldOfPath(at) }, says);
  };
  if (manifest.alertFile !== undefined) {
    refuse(['alertFile'], 'is not supported yet; write the alert under "alert"');
  }
  for (const kind of tableKinds) {
    for (const [index, source] of (manifest.telemetry[kind] ?? []).entries()) {
      const problem = mappingProblem(kind, source);
      if (problem !== null) refuse(['telemetry', kind, index, ...problem.path], problem.says);
    }
  }
}

async function findKindFiles(
  root: string,
  parsed: Parsed,
  kind: TableKind,
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

/** Reads and checks the manifest of the case folder `dir` and finds the files it names, without reading them. */
export async function findCase(dir: string): Promise<FoundCase> {
  const root = await realpath(dir).catch((error: unknown) => {
    throw new AppError('not-found.case', `There is no case folder ${dir}`, { cause: error });
  });
  const parsed = parseManifest(await readManifestText(root));
  refuseUnsupported(parsed);
  const { telemetry } = parsed.manifest;
  const files: Partial<Record<TableKind, KindFiles>> = {};
  for (const kind of tableKinds) {
    const sources = telemetry[kind];
    if (sources !== undefined) files[kind] = await findKindFiles(root, parsed, kind, sources);
  }
  const known: readonly string[] = tableKinds;
  return {
    root,
    manifest: parsed.manifest,
    files,
    unread: Object.keys(telemetry).filter((kind) => !known.includes(kind)),
  };
}

/**
 * Reads `incident.yaml` of the case folder `dir` and checks that the files it names lie inside. Rejects with `not-found.case` where there is
 * no folder, `invalid.case` naming file, line and field (also for what is not supported yet), and `invalid.case-path`.
 */
export async function readCase(dir: string): Promise<CaseManifest> {
  const { manifest } = await findCase(dir);
  return manifest;
}
