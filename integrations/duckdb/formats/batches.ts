import type { CaseFormat, CaseSource } from '../../../core/schemas/case.ts';
import type { Inspected } from '../inspect-file.ts';
import type { CaseFile } from '../read-case.ts';

export interface OpenFile extends CaseFile, Inspected {
  readonly path: string;
}

/** Files that one statement reads: planning a statement on OTLP takes far longer than reading a small file. */
export interface Batch {
  readonly files: readonly [OpenFile, ...OpenFile[]];
  readonly format: CaseFormat;
  readonly source: CaseSource;
  readonly isGzip: boolean;
  readonly paths: readonly string[];
}

function toBatch(files: Batch['files']): Batch {
  const [{ source, isGzip }] = files;
  return { files, format: source.format, source, isGzip, paths: files.map(({ path }) => path) };
}

/** Puts neighbours of OTLP together; every other file stays alone. */
export function toBatches(files: readonly OpenFile[]): readonly Batch[] {
  const batches: Batch[] = [];
  for (const file of files) {
    const last = batches.at(-1);
    const joins = file.source.format === 'otlp-json' && last?.format === 'otlp-json';
    if (last === undefined || !joins || last.isGzip !== file.isGzip) batches.push(toBatch([file]));
    else batches.splice(-1, 1, toBatch([...last.files, file]));
  }
  return batches;
}
