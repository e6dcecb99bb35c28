import type { Report } from '../core/schemas/report.ts';
import type { Client } from './client.ts';
import type { Io } from './io.ts';
import { clean } from './render/clean.ts';
import { renderReport } from './render/report.ts';

/** Writes a report for a terminal, and below it the runbooks that were found, each with the command that shows it. */
export async function reportText(io: Io, client: Client, report: Report): Promise<string> {
  const id = report.investigationId;
  const evidence = await client.evidence(id);
  const runbooks = evidence
    .filter(({ kind }) => kind === 'runbooks')
    .map((one) => `  - ${clean(one.title)}\n    holdfast why ${clean(id)} ${one.id}\n`);
  const heading = runbooks.length === 0 ? '' : `\n${io.style.bold('Runbooks')}\n`;
  return `${renderReport(report, io.style)}${heading}${runbooks.join('')}`;
}
