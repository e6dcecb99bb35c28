import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { wordingsOf } from './read-literals.ts';
import type { Piece } from './read-literals.ts';

/** So many words in a row are nobody's by chance. */
const wordsInARow = 4;
/** What programs and platforms say; not what was measured, and not what people say was the matter. */
const saying = /\.(?:json|ndjson|log|ya?ml)$|log\.csv$|_log\.csv$|templates\w*\.csv$/;
const notSaying = /ground_truth|answer\.yml|scenario\.yml|fault_list|metric|root_cause/;

/** Where a run of words stands. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** Gives every run of four words of the texts and patterns of a source, with where it stands. */
export function runsOfWords(pieces: readonly Piece[], file: string): ReadonlyMap<string, Place> {
  const runs = new Map<string, Place>();
  for (const { kind, text, line } of pieces) {
    if (kind === 'name') continue;
    for (const wording of kind === 'text' ? [text] : wordingsOf(text)) {
      for (const run of runsIn(wording)) if (!runs.has(run)) runs.set(run, { file, line });
    }
  }
  return runs;
}

function runsIn(text: string): readonly string[] {
  // Numbers, ids among them, say nothing.
  const words = text.toLowerCase().match(/[a-z][a-z0-9]*(?![a-z0-9])/g) ?? [];
  return words.flatMap((_word, from) =>
    from + wordsInARow > words.length ? [] : [words.slice(from, from + wordsInARow).join(' ')],
  );
}

/** Finds those of some runs of words that the logs and events in some folders of the data hold, by the first file in which each stands. */
export async function findSaid(
  data: string,
  folders: readonly string[],
  runs: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const said = new Map<string, string>();
  for (const name of await filesThatSay(data, folders)) {
    const file = createReadStream(path.join(data, name));
    const input = name.endsWith('.gz') ? file.pipe(createGunzip()) : file;
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      for (const run of runsIn(line)) if (runs.has(run) && !said.has(run)) said.set(run, name);
    }
  }
  return said;
}

async function filesThatSay(data: string, folders: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    for (const name of (await readdir(path.join(data, folder), { recursive: true })).toSorted()) {
      const unpacked = name.replace(/\.gz$/, '');
      if (saying.test(unpacked) && !notSaying.test(unpacked)) found.push(path.join(folder, name));
    }
  }
  return found;
}
