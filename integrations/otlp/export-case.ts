import { createReadStream } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'yaml';
import { exportedKinds } from '../../core/schemas/case-export.ts';
import { caseManifestSchema } from '../../core/schemas/case.ts';
import type { Snapshots } from './snapshots.ts';
import type { KeptCase } from './write-kept-case.ts';

/** What to export: what an investigation works or worked on, or what is kept now. */
export type CaseSubject =
  | { readonly kind: 'investigation'; readonly investigationId: string }
  | { readonly kind: 'kept'; readonly about: KeptCase };

/** Gives the lines of a case, each a JSON object with one key, which says what it is of; null when nothing is kept. */
export type ExportCase = (subject: CaseSubject) => Promise<AsyncIterable<string> | null>;

/**
 * Makes the export of kept telemetry as a case: `{"incident":…}`, then the rows of each kind, then `{"end":{"lines":…}}`, by whose count a reader knows that
 * it has all. What is kept now is frozen first, like for an investigation, so that the kinds fit together.
 */
export function createExportCase(snapshots: Snapshots, newName: () => string): ExportCase {
  return async (subject) => {
    if (subject.kind === 'investigation') {
      const dir = snapshots.dirOf(subject.investigationId);
      const manifest = await readFile(path.join(dir, 'incident.yaml'), 'utf8').catch(() => null);
      return manifest === null ? null : linesOf(dir, manifest, () => Promise.resolve());
    }
    const name = `export-${newName()}`;
    const { dir, segments } = await snapshots.take(name, subject.about);
    if (segments === 0) {
      await snapshots.remove(name);
      return null;
    }
    const manifest = await readFile(path.join(dir, 'incident.yaml'), 'utf8');
    return linesOf(dir, manifest, () => snapshots.remove(name));
  };
}

async function* linesOf(
  dir: string,
  text: string,
  done: () => Promise<void>,
): AsyncGenerator<string> {
  try {
    const manifest = caseManifestSchema.parse(parse(text));
    yield `{"incident":${JSON.stringify({ ...manifest, telemetry: {} })}}\n`;
    let lines = 0;
    for (const kind of exportedKinds) {
      for (const file of await filesOf(dir, kind)) {
        for await (const line of createInterface({ input: createReadStream(file) })) {
          if (line === '') continue;
          yield `{"${kind}":${line}}\n`;
          lines += 1;
        }
      }
    }
    yield `{"end":{"lines":${lines}}}\n`;
  } finally {
    await done();
  }
}

/** The files of one kind, in the order in which their rows arrived. */
async function filesOf(dir: string, kind: string): Promise<readonly string[]> {
  const below = await readdir(path.join(dir, kind), { recursive: true }).catch(() => []);
  const files = below.filter((name) => name.endsWith('.jsonl')).toSorted(byNumber);
  return files.map((name) => path.join(dir, kind, name));
}

function byNumber(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
