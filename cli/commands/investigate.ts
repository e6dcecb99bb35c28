import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';
import type { Budget, InvestigationRequest } from '../../core/schemas/investigation.ts';
import type { Report } from '../../core/schemas/report.ts';
import type { Client } from '../client.ts';
import type { Io } from '../io.ts';
import { cleanJson, clean } from '../render/clean.ts';
import { endingOf, exitCodeOfReport } from '../render/errors.ts';
import { renderReport } from '../render/report.ts';
import { failedReport, startInvestigation, waitForReport } from '../run-investigation.ts';
import { withSession } from '../session.ts';

export interface InvestigateOptions {
  readonly case?: string;
  readonly cases?: string;
  readonly question?: string;
  readonly json: boolean;
  readonly wait: boolean;
  readonly rounds?: number;
  readonly calls?: number;
  readonly seconds?: number;
}

const casesAtOnce = 2;
const manifest = 'incident.yaml';

/** Carries out `holdfast investigate`; gives the exit code. */
export async function investigate(io: Io, options: InvestigateOptions): Promise<number> {
  if ((options.case === undefined) === (options.cases === undefined)) {
    throw new AppError(
      'invalid.request',
      'Name what to investigate: --case DIR or NAME, or --cases DIR for all in a folder.',
    );
  }
  if (options.cases !== undefined) return investigateAll(io, options, caseFolders(options.cases));
  return investigateOne(io, options, caseReference(options.case ?? ''));
}

async function investigateOne(
  io: Io,
  options: InvestigateOptions,
  reference: string,
): Promise<number> {
  return withSession(io, async ({ client, isLocalStack }) => {
    const investigation = await startInvestigation(io, client, requestOf(reference, options));
    if (!options.wait && !options.json && !isLocalStack) {
      io.print(`${investigation.id}\n`);
      return 0;
    }
    if (!options.wait && !options.json) {
      io.say('The local stack ends with this command, so it waits for the report.\n');
    }
    const view = io.isLive && !options.json ? 'tree' : 'lines';
    const report = await waitForReport(io, client, investigation.id, view);
    if (options.json) io.print(`${cleanJson(report)}\n`);
    else io.print(`\n${renderReport(report, io.style)}${approvalHint(report)}`);
    return exitCodeOfReport(report);
  });
}

/** Runs every case, two at a time, and prints what comes of each in the order of the folders; one that fails does not stop the others. */
async function investigateAll(
  io: Io,
  options: InvestigateOptions,
  folders: readonly string[],
): Promise<number> {
  return withSession(io, async ({ client }) => {
    const exitCodes = new Set<number>();
    const done = new Map<number, Report>();
    let printed = 0;
    let next = 0;
    const work = async (): Promise<void> => {
      for (let index = next++; index < folders.length; index = next++) {
        const folder = folders[index] ?? '';
        const { report, exitCode } = await runCase(io, client, folder, options);
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
  options: InvestigateOptions,
): Promise<{ readonly report: Report; readonly exitCode: number }> {
  const name = basename(folder);
  let id = '';
  try {
    ({ id } = await client.start(requestOf(folder, options)));
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

function approvalHint(report: Report): string {
  const open = report.actions.filter(({ state }) => state === 'proposed');
  return open
    .map(({ actionId }) => `\nTo decide: holdfast approve ${actionId} (or reject)\n`)
    .join('');
}

function requestOf(reference: string, options: InvestigateOptions): InvestigationRequest {
  const budget: Partial<Budget> = {
    ...(options.rounds === undefined ? {} : { rounds: options.rounds }),
    ...(options.calls === undefined ? {} : { calls: options.calls }),
    ...(options.seconds === undefined ? {} : { wallMs: options.seconds * 1_000 }),
  };
  return {
    case: reference,
    ...(options.question === undefined ? {} : { question: options.question }),
    ...(Object.keys(budget).length === 0 ? {} : { budget }),
  };
}

/** A folder is given to the API by its absolute path; what is no folder here is a name that the API knows. */
function caseReference(given: string): string {
  const looksLikePath =
    given.includes('/') || given.startsWith('.') || existsSync(join(given, manifest));
  return looksLikePath ? resolve(given) : given;
}

function caseFolders(folder: string): readonly string[] {
  const root = resolve(folder);
  if (!existsSync(root)) throw new AppError('not-found.case', `There is no folder ${root}.`);
  const found = readdirSync(root)
    .map((name) => join(root, name))
    .filter((path) => existsSync(join(path, manifest)))
    .toSorted();
  if (found.length === 0) {
    throw new AppError('not-found.case', `No folder in ${root} holds an ${manifest}.`);
  }
  return found;
}
