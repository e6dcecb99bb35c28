import { readFileSync } from 'node:fs';
import path from 'node:path';
import { investigateDirectly } from '../../bench/direct/investigate-directly.ts';
import type { DirectResult } from '../../bench/direct/investigate-directly.ts';
import type { InProcess } from '../../bench/direct/run-in-process.ts';
import { gradeReport } from '../../core/score/grade-report.ts';
import { readTruths } from '../../core/score/read-truths.ts';

/** An investigation held against what really happened; `wrong` is empty where the answer is right. */
export interface Answer extends DirectResult {
  readonly wrong: string;
}

/** Investigates a case in this process. Rejects when the `truth.csv` beside it does not know the case. */
export async function answerCase(dir: string, model?: InProcess['model']): Promise<Answer> {
  const name = path.basename(dir);
  const file = path.join(path.dirname(dir), 'truth.csv');
  const truth = readTruths(readFileSync(file, 'utf8'), file).rows.get(name)?.truth;
  if (truth === undefined) throw new Error(`${file} does not know ${name}`);
  const result = await investigateDirectly(dir, [], model);
  const nothingKnown = { candidates: null, telemetry: null };
  const { wrong } = gradeReport({ ...result.report, case: name }, truth, nothingKnown);
  return { ...result, wrong };
}
