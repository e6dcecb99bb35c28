import { existsSync } from 'node:fs';
import path from 'node:path';
import { policyVersionOf } from '../scripts/policy-version.ts';
import { projectRoot } from '../scripts/project-root.ts';
import { gates } from './gates.ts';
import { judgeGates } from './judge-gates.ts';
import { checkOrder, checkTemporal } from './rca/check-sample.ts';
import { describeRca } from './rca/describe-rca.ts';
import { gradeAnswer } from './rca/grade-answer.ts';
import type { GradedSet } from './rca/graded-set.ts';
import { measureGates } from './rca/measure-gates.ts';
import { checkNames } from './rca/no-known-names.ts';
import { casesOf, convertSet, readAnswers, runSet } from './rca/run-set.ts';
import { benchSets } from './rca/sets.ts';
import type { BenchSet } from './rca/sets.ts';
import { renderTables } from './rca/tables.ts';
import { writeResults } from './results.ts';

interface RcaOptions {
  /** The folder of the data; beside the project by default. */
  readonly data?: string;
  /** One set, or several separated by commas; all by default. */
  readonly set?: string;
  /** What to check instead: `order` of rows, `names` of the data in the code, or that a run through `temporal` says the same. */
  readonly check?: string;
  /** Answers nothing anew: what was answered before is told again. */
  readonly isStored?: boolean;
}

const checks = { order: checkOrder, temporal: checkTemporal, names: checkNames } as const;

/**
 * Investigates other people's recorded incidents and healthy times, and writes how often the answers are right, beside what they are held to. The tables are of the last run
 * of each set, with the version that gave it; they go into docs/results.md when there is one of every set. False when a gate is missed by answers of the policies as they are.
 */
export async function rca({ data, set, check, isStored = false }: RcaOptions): Promise<boolean> {
  const version = policyVersionOf(projectRoot());
  if (isStored) return writeTables(version);
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
    for (const one of wanted) await runVariants(one, folder, version);
    return writeTables(version);
  }
  const made = [];
  for (const one of wanted) made.push({ set: one, cases: await casesOf(one, folder) });
  return checkAll(made, folder);
}

async function runVariants(set: BenchSet, data: string, version: string): Promise<void> {
  const cases = await convertSet(set, data);
  for (const variant of set.variants) await runSet(set, variant, cases, version);
}

async function writeTables(version: string): Promise<boolean> {
  const graded: GradedSet[] = [];
  const missing: string[] = [];
  for (const set of benchSets) {
    for (const variant of set.variants) {
      const kept = await readAnswers(set, variant);
      if (kept === null) {
        missing.push(`${set.name} ${variant}`);
        continue;
      }
      const grades = kept.answers.map((one) => gradeAnswer(one, set.gradedBy));
      graded.push({ set, variant, answered: kept.answered, grades });
    }
  }
  const judged = judgeGates(gates.rca, measureGates(graded, version));
  const tables = `${judged.table}\n\n${renderTables(graded)}`;
  process.stdout.write(`${tables}\n`);
  if (missing.length > 0) {
    process.stdout.write(`\ndocs/results.md stays as it is: not run are ${missing.join(', ')}\n`);
  } else {
    await writeResults('rca', `${describeRca(graded, version)}\n\n${tables}`);
  }
  return judged.isHeld;
}
