import { existsSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../scripts/project-root.ts';
import { checkOrder, checkTemporal } from './rca/check-sample.ts';
import { describeRca } from './rca/describe-rca.ts';
import { gradeAnswer } from './rca/grade-answer.ts';
import { checkNames } from './rca/no-known-names.ts';
import { casesOf, convertSet, readAnswers, runSet } from './rca/run-set.ts';
import { benchSets } from './rca/sets.ts';
import type { BenchSet } from './rca/sets.ts';
import { renderTables } from './rca/tables.ts';
import type { GradedSet } from './rca/tables.ts';
import { writeResults } from './results.ts';

interface RcaOptions {
  /** The folder of the data; beside the project by default. */
  readonly data?: string;
  /** One set, or several separated by commas; all by default. */
  readonly set?: string;
  /** What to check instead: `order` of rows, `names` of the data in the code, or that a run through `temporal` says the same. */
  readonly check?: string;
}

const checks = { order: checkOrder, temporal: checkTemporal, names: checkNames } as const;

/**
 * Investigates other people's recorded incidents and healthy times, and writes how often the answers are right. The tables are of the last run of each set;
 * they go into docs/results.md when there is one of every set.
 */
export async function rca({ data, set, check }: RcaOptions): Promise<boolean> {
  const folder = data ?? path.join(projectRoot(), '..', 'shared', 'data');
  if (!existsSync(folder)) {
    process.stdout.write(
      `skipped: there is no ${folder}; name the folder of the data with --data\n`,
    );
    return true;
  }
  const names = set?.split(',') ?? benchSets.map(({ name }) => name);
  const unknown = names.find((name) => !benchSets.some((one) => one.name === name));
  const checkAll = Object.entries(checks).find(([name]) => name === check)?.[1];
  if (unknown !== undefined || (check !== undefined && checkAll === undefined)) {
    const known = benchSets.map(({ name }) => name).join(', ');
    process.stderr.write(`sets are ${known}; checks are ${Object.keys(checks).join(', ')}\n`);
    return false;
  }
  const wanted = benchSets.filter(({ name }) => names.includes(name));
  if (checkAll === undefined) {
    for (const one of wanted) await runVariants(one, folder);
    await writeTables();
    return true;
  }
  const made = [];
  for (const one of wanted) made.push({ set: one, cases: await casesOf(one, folder) });
  return checkAll(made, folder);
}

async function runVariants(set: BenchSet, data: string): Promise<void> {
  const cases = await convertSet(set, data);
  for (const variant of set.variants) await runSet(set, variant, cases);
}

async function writeTables(): Promise<void> {
  const graded: GradedSet[] = [];
  const missing: string[] = [];
  for (const set of benchSets) {
    for (const variant of set.variants) {
      const answers = await readAnswers(set, variant);
      if (answers === null) missing.push(`${set.name} ${variant}`);
      else
        graded.push({ set, variant, grades: answers.map((one) => gradeAnswer(one, set.gradedBy)) });
    }
  }
  const tables = renderTables(graded);
  process.stdout.write(`${tables}\n`);
  if (missing.length > 0) {
    process.stdout.write(`\ndocs/results.md stays as it is: not run are ${missing.join(', ')}\n`);
    return;
  }
  await writeResults('rca', `${describeRca(new Date())}\n\n${tables}`);
}
