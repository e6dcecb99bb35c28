import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';
import type { Report } from '../../core/schemas/report.ts';
import type { Client } from '../client.ts';
import type { Io } from '../io.ts';
import { manifestName, readRequest, type RequestOptions } from '../read-request.ts';
import { clean, cleanJson } from '../render/clean.ts';
import { endingOf, exitCodeOfReport } from '../render/errors.ts';
import { failedReport, waitForReport } from '../run-investigation.ts';
import { withSession } from '../session.ts';

type AllOptions = RequestOptions & { readonly json: boolean };

const casesAtOnce = 2;

/**
 * Carries out `holdfast investigate --cases`: runs every case of a folder, two at a time, and prints what comes of each in the order of the folders; one
 * that fails does not stop the others.
 */
export async function investigateAll(io: Io, folder: string, options: AllOptions): Promise<number> {
  const folders = caseFolders(folder);
  return withSession(io, async ({ client }) => {
    const exitCodes = new Set<number>();
    const done = new Map<number, Report>();
    let printed = 0;
    let next = 0;
    const work = async (): Promise<void> => {
      for (let index = next++; index < folders.length; index = next++) {
        const { report, exitCode } = await runCase(io, client, folders[index] ?? '', options);
        exitCodes.add(exitCode);
        done.set(index, report);
        for (let ready = done.get(printed); ready !== undefined; ready = done.get(++printed)) {
          io.print(options.json ? `${cleanJson(ready)}\n` : `${reportRow(ready)}\n`);
          done.delete(printed);
        }
      }
    };
    await Promise.all(Array.from({ length: casesAtOnce }, work));
    exitCodes.delete(0);
    return exitCodes.size === 0 ? 0 : Math.max(...exitCodes);
  });
}

async function runCase(
  io: Io,
  client: Client,
  folder: string,
  options: AllOptions,
): Promise<{ readonly report: Report; readonly exitCode: number }> {
  const name = basename(folder);
  let id = '';
  try {
    ({ id } = await client.start(await readRequest(io, { ...options, case: folder })));
    io.say(`${name}: ${id}\n`);
    const report = await waitForReport(io, client, id, 'none');
    return { report, exitCode: exitCodeOfReport(report) };
  } catch (error) {
    const { exitCode, text } = endingOf(error);
    io.say(`${name}: ${text}`);
    return { report: failedReport(name, id, error), exitCode };
  }
}

function reportRow(report: Report): string {
  const [cause] = report.causes;
  const found =
    cause === undefined
      ? ''
      : `${clean(cause.entity.name)}  ${cause.faultKind}  ${clean(cause.changeId ?? '')}`;
  const name = clean(report.case ?? report.investigationId);
  return `${name.padEnd(32)}  ${report.status.padEnd(9)}  ${report.verdict.padEnd(14)}  ${found}`.trimEnd();
}

function caseFolders(folder: string): readonly string[] {
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
