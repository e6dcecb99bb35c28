import type { Report } from '../../core/schemas/report.ts';
import type { Io } from '../io.ts';
import type { RequestOptions } from '../read-request.ts';
import { clean, cleanJson } from '../render/clean.ts';
import { caseFolders, runCases } from '../run-cases.ts';
import { withSession } from '../session.ts';

type AllOptions = RequestOptions & { readonly json: boolean };

/** Carries out `holdfast investigate --cases`: runs every case of a folder and prints what comes of each. */
export async function investigateAll(io: Io, folder: string, options: AllOptions): Promise<number> {
  const folders = caseFolders(folder);
  return withSession(io, async ({ client }) => {
    const exitCodes = new Set<number>();
    await runCases(io, client, folders, options, ({ report, exitCode }) => {
      exitCodes.add(exitCode);
      io.print(options.json ? `${cleanJson(report)}\n` : `${reportRow(report)}\n`);
    });
    exitCodes.delete(0);
    return exitCodes.size === 0 ? 0 : Math.max(...exitCodes);
  });
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
