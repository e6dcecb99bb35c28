import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { AppError } from '../core/errors.ts';
import type { Report } from '../core/schemas/report.ts';
import type { Client } from './client.ts';
import type { Io } from './io.ts';
import { manifestName, readRequest, type RequestOptions } from './read-request.ts';
import { endingOf, exitCodeOfReport } from './render/errors.ts';
import { failedReport, waitForReport } from './run-investigation.ts';

/** What came of the investigation of one case folder. */
export interface CaseRun {
  readonly folder: string;
  /** Says so where there could be no investigation. */
  readonly report: Report;
  readonly exitCode: number;
}

const casesAtOnce = 2;

/** Gives the case folders in a folder, in order. Throws `not-found.case` when there is none. */
export function caseFolders(folder: string): readonly string[] {
  const root = resolve(folder);
  if (!existsSync(root)) throw new AppError('not-found.case', `There is no folder ${root}.`);
  const found = readdirSync(root)
    .map((name) => join(root, name))
    .filter((path) => existsSync(join(path, manifestName)))
    .toSorted();
  if (found.length === 0) {
    throw new AppError('not-found.case', `No folder in ${root} holds an ${manifestName}.`);
  }
  return found;
}

/**
 * Investigates case folders, two at a time, and hands over what comes of each in their order; one that fails does not stop the others. Says on standard error
 * which investigation is of which case.
 */
export async function runCases(
  io: Io,
  client: Client,
  folders: readonly string[],
  options: RequestOptions,
  onDone: (run: CaseRun) => void,
): Promise<void> {
  const done = new Map<number, CaseRun>();
  let handed = 0;
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < folders.length; index = next++) {
      done.set(index, await runCase(io, client, folders[index] ?? '', options));
      for (let ready = done.get(handed); ready !== undefined; ready = done.get(++handed)) {
        onDone(ready);
        done.delete(handed);
      }
    }
  };
  await Promise.all(Array.from({ length: casesAtOnce }, work));
}

async function runCase(
  io: Io,
  client: Client,
  folder: string,
  options: RequestOptions,
): Promise<CaseRun> {
  const name = basename(folder);
  let id = '';
  try {
    ({ id } = await client.start(await readRequest(io, { ...options, case: folder })));
    io.say(`${name}: ${id}\n`);
    const report = await waitForReport(io, client, id, 'none');
    return { folder, report, exitCode: exitCodeOfReport(report) };
  } catch (error) {
    const { exitCode, text } = endingOf(error);
    io.say(`${name}: ${text}`);
    return { folder, report: failedReport(name, id, error), exitCode };
  }
}
