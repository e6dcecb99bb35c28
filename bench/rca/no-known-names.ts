import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { readCase } from '../../integrations/duckdb/read-case.ts';
import { openCase } from '../../integrations/duckdb/open-case.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import type { Sample } from './check-sample.ts';
import { findSaid, runsOfWords } from './known-words.ts';
import type { Place } from './known-words.ts';
import { readPieces, wordingsOf } from './read-literals.ts';
import type { Piece } from './read-literals.ts';
import { casesFolder } from './run-set.ts';

/** What reasons about incidents, and must not know them by name. */
const rooms = ['core', 'agents', 'tools'];

/** Names of the data that are words of the trade; each reviewed where it stands. */
const allowed: ReadonlySet<string> = new Set(['kubelet']);

/** Where a name of the data stands as a literal. */
export interface KnownName {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

/**
 * Takes the names of all services, instances, files and sets from the data, and looks for them in the texts, patterns and names of what reasons. Runs of words
 * that the logs and events of the data hold too are told beside them, and decide nothing: some are what a platform says everywhere.
 */
export async function checkNames(all: readonly Sample[], data: string): Promise<boolean> {
  const names = await collectNames(all, data);
  const found: KnownName[] = [];
  const runs = new Map<string, Place>();
  for (const room of rooms) {
    const dir = path.join(projectRoot(), room);
    for (const entry of await readdir(dir, { recursive: true })) {
      if (!entry.endsWith('.ts')) continue;
      const file = path.join(room, entry);
      const pieces = readPieces(await readFile(path.join(dir, entry), 'utf8'), file);
      found.push(...findNames(pieces, file, names));
      for (const [run, place] of runsOfWords(pieces, file)) runs.set(run, runs.get(run) ?? place);
    }
  }
  for (const { name, file, line } of found) {
    process.stdout.write(`${file}:${line} knows "${name}" of the data\n`);
  }
  const folders = [...new Set([...all.map(({ set }) => set.folder), 'loghub-2k'])];
  const said = await findSaid(data, folders, new Set(runs.keys()));
  for (const [run, where] of said) {
    const { file, line } = runs.get(run) ?? { file: '', line: 0 };
    process.stdout.write(`${file}:${line} has "${run}", which ${where} says too\n`);
  }
  process.stdout.write(
    `${names.size} names of the data, ${found.length} in ${rooms.join(', ')}; of ${runs.size} runs of words there, the data say ${said.size}\n`,
  );
  return found.length === 0;
}

/** Finds names that are a whole text, a word of one or of a pattern, or, written as code writes them, a name of the code. */
export function findNames(
  pieces: readonly Piece[],
  file: string,
  names: ReadonlySet<string>,
): readonly KnownName[] {
  const compound = new Map(
    [...names].filter((name) => /[-_.]/.test(name)).map((name) => [compact(name), name]),
  );
  const seen = new Set<string>();
  return pieces.flatMap(({ kind, text, line }) => {
    const known =
      kind === 'name'
        ? [compound.get(compact(text)) ?? text]
        : (kind === 'text' ? [text] : wordingsOf(text)).flatMap((wording) => [
            wording,
            ...wording.split(/[^\w:.@-]+/),
          ]);
    return [...new Set(known)].flatMap((name) => {
      const key = `${name} ${line}`;
      if (!names.has(name) || seen.has(key)) return [];
      seen.add(key);
      return [{ name, file, line }];
    });
  });
}

/** As names are written in code: without what joins their words. */
const compact = (name: string): string => name.toLowerCase().replaceAll(/[-_.]/g, '');

async function collectNames(all: readonly Sample[], data: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const { set, cases } of all) {
    names.add(set.name).add(set.folder);
    for (const one of cases) {
      for (const name of one.entityNames) names.add(name);
      for (const name of await namesOfCase(path.join(casesFolder(set), one.name))) names.add(name);
    }
    for (const entry of await readdir(path.join(data, set.folder), { recursive: true })) {
      const name = path.basename(entry).replace(/(\.\w+)+$/, '');
      // A plain word, such as "metrics", says nothing of where it comes from.
      if (/[-_\d]/.test(name)) names.add(name);
    }
  }
  for (const name of [...names]) if (name.length < 3 || allowed.has(name)) names.delete(name);
  return names;
}

/** Who may be named and who hurts; where nobody is listed, whoever reports. */
async function namesOfCase(dir: string): Promise<readonly string[]> {
  const { alert, candidates } = await readCase(dir);
  const listed = [...(candidates ?? []), ...(alert.entity === undefined ? [] : [alert.entity])];
  const names = listed.map(({ name }) => name);
  if (candidates !== undefined) return names;
  const opened = await openCase({ dir });
  try {
    const coverage = await opened.coverage(new AbortController().signal);
    return [...names, ...coverage.flatMap(({ services }) => services)];
  } finally {
    await opened.close();
  }
}
