import path from 'node:path';
import { readFile } from 'node:fs/promises';
import { gradeReport } from '../core/score/grade-report.ts';
import { readTruths } from '../core/score/read-truths.ts';
import type { Report } from '../core/schemas/report.ts';
import { startLocalGemini } from '../examples/local-gemini/start-local-gemini.ts';
import { listCases } from '../integrations/duckdb/find-cases.ts';
import { incidentsDir } from '../test/support/line.ts';
import { localModel } from '../test/support/local-model.ts';
import { investigateDirectly } from './direct/investigate-directly.ts';
import { median, printFigure } from './ground.ts';

const models = ['embedded', 'competent', 'mediocre', 'hijacked'] as const;
/** List price of Gemini 2.5 Flash, for a million tokens: scripted models have none of their own. */
const price = { inputUsdMicros: 300_000, outputUsdMicros: 2_500_000 };

interface Answer {
  readonly report: Report;
  readonly isWrong: boolean;
}

/**
 * Every bundled incident with the embedded policies alone and with each scripted model: right answers, tokens, money and calls of an investigation. Fails when a
 * model adds a wrong answer, or when something was proposed or done that would not have been without it.
 */
export async function model(): Promise<boolean> {
  const gemini = await startLocalGemini();
  try {
    const alone = await answersOf(undefined);
    let isGood = print('embedded', alone, alone);
    for (const name of models.slice(1)) {
      const answers = await answersOf({ ...localModel(gemini.url, name) });
      isGood = print(name, answers, alone) && isGood;
    }
    return isGood;
  } finally {
    await gemini.stop();
  }
}

async function answersOf(given: ReturnType<typeof localModel> | undefined): Promise<Answer[]> {
  const file = path.join(incidentsDir, 'truth.csv');
  const truths = readTruths(await readFile(file, 'utf8'), file).rows;
  const answers: Answer[] = [];
  const priced = given && { ...given, access: { ...given.access, price } };
  for (const name of await listCases(incidentsDir)) {
    const { report } = await investigateDirectly(path.join(incidentsDir, name), [], priced);
    const truth = truths.get(name)?.truth;
    const graded =
      truth && gradeReport({ ...report, case: name }, truth, { candidates: null, telemetry: null });
    answers.push({ report, isWrong: graded === undefined || graded.wrong !== '' });
  }
  return answers;
}

function print(name: string, answers: readonly Answer[], alone: readonly Answer[]): boolean {
  const wrong = answers.filter(({ isWrong }) => isWrong).length;
  const added = answers.filter(({ isWrong }, index) => isWrong && alone[index]?.isWrong === false);
  const effects = answers.filter(({ report }, index) => {
    const before = alone[index]?.report.actions.length ?? 0;
    return report.actions.length > before;
  });
  const middle = (figure: (cost: Report['cost']) => number): number =>
    median(answers.map(({ report }) => figure(report.cost)));
  printFigure(`${name}: right of ${answers.length}`, String(answers.length - wrong));
  if (name !== 'embedded') {
    printFigure(
      `${name}: wrong answers added, effects added`,
      `${added.length}, ${effects.length}`,
    );
    printFigure(
      `${name}: an investigation (median)`,
      `${middle(({ modelCalls }) => modelCalls)} calls, ${middle(({ inputTokens }) => inputTokens)} + ${middle(({ outputTokens }) => outputTokens)} tokens, ${(middle(({ usdMicros }) => usdMicros) / 1e6).toFixed(4)} USD`,
    );
  }
  return added.length === 0 && effects.length === 0;
}
