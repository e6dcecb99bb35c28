import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Report } from '../core/schemas/report.ts';
import { renderMarkdown } from '../core/report/render-markdown.ts';
import { listCases } from '../integrations/duckdb/find-cases.ts';
import { investigateDirectly } from './direct/investigate-directly.ts';
import type { DirectResult } from './direct/investigate-directly.ts';

/**
 * Investigates recorded cases with the embedded reasoner alone, without Temporal or a database, and holds the answers against `truth.csv`:
 * `tsx bench/run-direct.ts [--markdown] [--digests] [--without=KIND,KIND] [FOLDER ...]`. Exits with 1 when an answer is wrong.
 */

interface Truth {
  readonly verdict: string;
  readonly kind: string;
  readonly names: readonly string[];
  readonly faultKind: string;
  readonly changeId: string;
}

async function readTruths(folder: string): Promise<ReadonlyMap<string, Truth>> {
  const text = await readFile(path.join(folder, 'truth.csv'), 'utf8').catch(() => '');
  const rows = text.trim().split('\n').slice(1);
  return new Map(
    rows.map((row) => {
      const [name = '', verdict = '', kind = '', names = '', faultKind = '', changeId = ''] =
        row.split(',');
      return [name, { verdict, kind, names: names.split('|'), faultKind, changeId }];
    }),
  );
}

/** Says what is wrong with an answer; null when it is right. */
function wrongness(report: Report, truth: Truth): string | null {
  if (report.verdict !== truth.verdict) return `verdict should be ${truth.verdict}`;
  if (truth.verdict !== 'cause-found') return null;
  const [cause] = report.causes;
  if (cause?.entity.kind !== truth.kind || !truth.names.includes(cause.entity.name)) {
    return `entity should be ${truth.kind} ${truth.names[0] ?? ''}`;
  }
  if (cause.faultKind !== truth.faultKind) return `fault should be ${truth.faultKind}`;
  if ((cause.changeId ?? '') === truth.changeId) return null;
  return truth.changeId === '' ? 'no change did it' : `change should be ${truth.changeId}`;
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

async function main(args: readonly string[]): Promise<number> {
  const folders = args.filter((arg) => !arg.startsWith('--'));
  const without =
    args
      .find((arg) => arg.startsWith('--without='))
      ?.slice(10)
      .split(',') ?? [];
  let wrong = 0;
  for (const folder of folders.length > 0 ? folders : ['examples/incidents']) {
    const truths = await readTruths(folder);
    for (const name of await listCases(folder)) {
      const result = await investigateDirectly(path.join(folder, name), without);
      const truth = truths.get(name);
      const fault = truth === undefined ? null : wrongness(result.report, truth);
      if (fault !== null) wrong += 1;
      const mark = fault === null ? 'right' : `WRONG (${fault})`;
      process.stdout.write(`${mark} ${lineOf(name, result.report)}\n`);
      if (args.includes('--digests')) process.stdout.write(`${detailsOf(result)}\n`);
      if (args.includes('--markdown')) process.stdout.write(`${renderMarkdown(result.report)}\n`);
    }
  }
  process.stdout.write(`${wrong} wrong\n`);
  return wrong === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
