import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../core/errors.ts';
import type { Truths } from '../core/score/read-truths.ts';
import type { Score } from '../core/score/score-cases.ts';
import type { KnownCase } from './case-facts.ts';

/** Makes the folder for misses: better before the investigations than after them. Rejects with `invalid.request` when there is something in it. */
export async function makeMissesFolder(dir: string): Promise<void> {
  const found = await mkdir(dir, { recursive: true })
    .then(() => readdir(dir))
    .catch((error: unknown) => {
      throw new AppError('invalid.request', `misses cannot be written to ${dir}`, { cause: error });
    });
  if (found.length === 0) return;
  throw new AppError('invalid.request', `${dir} is not empty; name a folder that is not there`);
}

/**
 * Copies every case that was answered wrongly into an empty folder, with `truth.csv` beside them, so that they are cases to be scored themselves; `misses.jsonl` says of
 * each what was answered, and why it is classed so. Gives the misses that have no case folder.
 */
export async function exportMisses(
  dir: string,
  score: Pick<Score, 'cases'>,
  cases: ReadonlyMap<string, KnownCase>,
  truths: Truths,
): Promise<readonly string[]> {
  const misses = score.cases.filter(({ miss }) => miss !== null);
  for (const { case: name } of misses) {
    const folder = cases.get(name)?.folder;
    if (folder !== undefined) await cp(folder, join(dir, basename(folder)), { recursive: true });
  }
  const rows = misses.flatMap(({ case: name }) => truths.rows.get(name)?.text ?? []);
  await writeFile(join(dir, 'truth.csv'), [truths.header, ...rows, ''].join('\n'));
  const lines = misses.map(({ case: name, miss, wrong, investigationId, verdict, cause }) =>
    JSON.stringify({ case: name, ...miss, wrong, investigationId, verdict, cause }),
  );
  await writeFile(join(dir, 'misses.jsonl'), lines.map((line) => `${line}\n`).join(''));
  return misses.map((one) => one.case).filter((name) => !cases.has(name));
}
