import { AppError } from '../../core/errors.ts';
import type { Report } from '../../core/schemas/report.ts';
import type { Io } from '../io.ts';
import { readRequest, type RequestOptions } from '../read-request.ts';
import { cleanJson } from '../render/clean.ts';
import { exitCodeOfReport } from '../render/errors.ts';
import { reportText } from '../report-text.ts';
import { checkReportFile, writeReportFile } from '../report-file.ts';
import { requestTemplate } from '../request-template.ts';
import { startInvestigation, waitForReport } from '../run-investigation.ts';
import { withSession } from '../session.ts';
import { investigateAll } from './investigate-all.ts';

export interface InvestigateOptions extends RequestOptions {
  readonly cases?: string;
  readonly template: boolean;
  readonly out?: string;
  readonly json: boolean;
  readonly wait: boolean;
}

/** Carries out `holdfast investigate`; gives the exit code. */
export async function investigate(io: Io, options: InvestigateOptions): Promise<number> {
  if (options.template) {
    io.print(requestTemplate);
    return 0;
  }
  const { cases, ...rest } = options;
  if (cases === undefined) return investigateOne(io, rest);
  for (const name of ['case', 'file', 'input', 'out'] as const) {
    if (rest[name] !== undefined) {
      throw new AppError('invalid.request', `--cases cannot stand beside --${name}.`);
    }
  }
  return investigateAll(io, cases, rest);
}

async function investigateOne(io: Io, options: Omit<InvestigateOptions, 'cases'>): Promise<number> {
  const { json, out, wait } = options;
  if (out !== undefined) await checkReportFile(out);
  const request = await readRequest(io, options);
  return withSession(io, async ({ client, isLocalStack }) => {
    const investigation = await startInvestigation(io, client, request);
    const isAwaited = wait || json || out !== undefined;
    if (!isAwaited && !isLocalStack) {
      io.print(`${investigation.id}\n`);
      return 0;
    }
    if (!isAwaited) io.say('The local stack ends with this command, so it waits for the report.\n');
    const view = io.isLive && !json ? 'tree' : 'lines';
    const report = await waitForReport(io, client, investigation.id, view);
    if (out !== undefined) {
      await writeReportFile(out, report);
      io.say(`The report is in ${out}\n`);
    }
    if (json) io.print(`${cleanJson(report)}\n`);
    else io.print(`\n${await reportText(io, client, report)}${approvalHint(report)}`);
    return exitCodeOfReport(report);
  });
}

function approvalHint(report: Report): string {
  const open = report.actions.filter(({ state }) => state === 'proposed');
  return open
    .map(({ actionId }) => `\nTo decide: holdfast approve ${actionId} (or reject)\n`)
    .join('');
}
