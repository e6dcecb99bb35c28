import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parse, stringify } from 'yaml';
import { quoted, withDuck } from './duck.ts';

const manifestName = 'incident.yaml';

/** Copies a case and says in the copy when it began. */
export async function copyWithOnset(dir: string, to: string, onset: string): Promise<void> {
  await copyFiles(dir, to, copyFile);
  const manifest = parse(await readFile(path.join(dir, manifestName), 'utf8')) as object;
  await writeFile(path.join(to, manifestName), stringify({ ...manifest, onset }));
}

/** Copies a case with the rows of every file in another order, which depends on `seed` only. */
export async function copyShuffled(dir: string, to: string, seed: number): Promise<void> {
  const manifest = await readFile(path.join(dir, manifestName), 'utf8');
  const headerLines = manifest.includes('headers:') ? 4 : 1;
  await copyFiles(dir, to, async (from, copy) => {
    if (path.basename(from) === manifestName) return copyFile(from, copy);
    if (from.endsWith('.parquet')) return shuffleParquet(from, copy, seed);
    const bytes = await readFile(from);
    const isPacked = from.endsWith('.gz');
    const text = (isPacked ? gunzipSync(bytes) : bytes).toString('utf8');
    const shuffled = shuffleText(text, path.basename(from), { headerLines, seed });
    await writeFile(copy, isPacked ? gzipSync(shuffled) : shuffled);
  });
}

async function copyFiles(
  dir: string,
  to: string,
  copy: (from: string, to: string) => Promise<void>,
): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  for (const name of await readdir(dir)) await copy(path.join(dir, name), path.join(to, name));
}

function shuffleParquet(from: string, to: string, seed: number): Promise<void> {
  return withDuck(async (run) => {
    await run(
      `COPY (
         SELECT * EXCLUDE (file_row_number) FROM read_parquet(${quoted(from)}, file_row_number = true)
         ORDER BY hash(file_row_number + ${seed}))
       TO ${quoted(to)} (FORMAT parquet)`,
    );
  });
}

/** Shuffles the rows of CSV, of JSON lines or of a list in JSON. */
export function shuffleText(
  text: string,
  name: string,
  { headerLines, seed }: { readonly headerLines: number; readonly seed: number },
): string {
  if (/\.json(\.gz)?$/.test(name)) {
    return JSON.stringify(shuffle(JSON.parse(text) as readonly unknown[], seed));
  }
  const lines = text.trim().split(/\r?\n/);
  const kept = /\.csv(\.gz)?$/.test(name) ? headerLines : 0;
  return `${[...lines.slice(0, kept), ...shuffle(lines.slice(kept), seed)].join('\n')}\n`;
}

/** Gives the items in an order drawn from `seed`. Source: Fisher and Yates, with the generator of Park and Miller (1988). */
function shuffle<Item>(items: readonly Item[], seed: number): readonly Item[] {
  let state = (seed % 2_147_483_646) + 1;
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    state = (state * 48_271) % 2_147_483_647;
    const other = state % (last + 1);
    const item = shuffled[last] as Item;
    shuffled[last] = shuffled[other] as Item;
    shuffled[other] = item;
  }
  return shuffled;
}
