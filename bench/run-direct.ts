import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Report } from '../core/schemas/report.ts';
import { renderMarkdown } from '../core/report/render-markdown.ts';
import { gradeReport } from '../core/score/grade-report.ts';
import { readTruths } from '../core/score/read-truths.ts';
import type { Truths } from '../core/score/read-truths.ts';
import { listCases } from '../integrations/duckdb/find-cases.ts';
import { investigateDirectly } from './direct/investigate-directly.ts';
import type { DirectResult } from './direct/investigate-directly.ts';

/**
 * Investigates recorded cases with the embedded reasoner alone, without Temporal or a database, and holds the answers against `truth.csv`:
 * `tsx bench/run-direct.ts [--markdown] [--digests] [--without=KIND,KIND] [FOLDER ...]`. Exits with 1 when an answer is wrong.
 */

async function readTruthsOf(folder: string): Promise<Truths['rows']> {
  const file = path.join(folder, 'truth.csv');
  if (!existsSync(file)) return new Map();
  return readTruths(await readFile(file, 'utf8'), file).rows;
}

function lineOf(name: string, report: Report): string {
  const [cause] = report.causes;
  const said =
    cause === undefined
      ? report.verdict
      : `${cause.entity.kind} ${cause.entity.name} ${cause.faultKind} ${cause.changeId ?? ''} ${cause.confidence.toFixed(2)}`;
  const { wallMs, toolCalls } = report.cost;
  return `${name}: ${said} (${report.claims.length} claims, ${toolCalls} calls, ${wallMs} ms)`;
}

function detailsOf({ observations, verification }: DirectResult): string {
  const calls = observations.map((one) => JSON.stringify(one, null, 1));
  const dropped = (verification?.dropped ?? []).map(
    ({ text, because }) => `dropped: ${text}: ${because}`,
  );
  return [...calls, ...dropped].join('\n');
}

const nothingKnown = { candidates: null, telemetry: null };

async function main(args: readonly string[]): Promise<number> {
  const folders = args.filter((arg) => !arg.startsWith('--'));
  const without =
    args
      .find((arg) => arg.startsWith('--without='))
      ?.slice(10)
      .split(',') ?? [];
  let wrong = 0;
  for (const folder of folders.length > 0 ? folders : ['examples/incidents']) {
    const truths = await readTruthsOf(folder);
    for (const name of await listCases(folder)) {
      const result = await investigateDirectly(path.join(folder, name), without);
      const truth = truths.get(name)?.truth;
      const report = { ...result.report, case: name };
      const fault = truth === undefined ? '' : gradeReport(report, truth, nothingKnown).wrong;
      if (fault !== '') wrong += 1;
      const mark = fault === '' ? 'right' : `WRONG (${fault})`;
      process.stdout.write(`${mark} ${lineOf(name, result.report)}\n`);
      if (args.includes('--digests')) process.stdout.write(`${detailsOf(result)}\n`);
      if (args.includes('--markdown')) process.stdout.write(`${renderMarkdown(result.report)}\n`);
    }
  }
  process.stdout.write(`${wrong} wrong\n`);
  return wrong === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
