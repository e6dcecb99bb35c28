import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { judgeSquad } from '../../../agents/root-cause/judge-squad.ts';
import { investigateDirectly } from '../../../bench/direct/investigate-directly.ts';
import type { DirectResult } from '../../../bench/direct/investigate-directly.ts';
import type { Report } from '../../../core/schemas/report.ts';
import { gradeReport } from '../../../core/score/grade-report.ts';
import { readTruths } from '../../../core/score/read-truths.ts';
import { startLocalGemini } from '../../../examples/local-gemini/start-local-gemini.ts';
import type { LocalGemini } from '../../../examples/local-gemini/start-local-gemini.ts';
import { narrowedDir } from '../../support/incidents.ts';
import { localModel } from '../../support/local-model.ts';

let gemini: LocalGemini;
beforeAll(async () => {
  gemini = await startLocalGemini();
}, 60_000);
afterAll(() => gemini?.stop());

const truthFile = path.join(narrowedDir, 'truth.csv');
const truths = readTruths(readFileSync(truthFile, 'utf8'), truthFile).rows;

function investigate(role: string, model?: string): Promise<DirectResult> {
  const given = model === undefined ? undefined : localModel(gemini.url, model);
  return investigateDirectly(path.join(narrowedDir, role), [], given);
}

function wrongnessOf(role: string, report: Report): string {
  const truth = truths.get(role)?.truth;
  if (truth === undefined) throw new Error(`the truth of ${role} is not told`);
  return gradeReport(report, truth, { candidates: null, telemetry: null }).wrong;
}

describe('a model makes a difference to a recorded case', () => {
  test.each(['aggregation', 'trace', 'log', 'change'])(
    'by a question to the %s specialist, where the embedded policies abstain',
    async (role) => {
      const alone = await investigate(role);
      expect(alone.report).toMatchObject({ verdict: 'inconclusive', causes: [] });

      const { report, brief, observations } = await investigate(role, 'competent');
      expect(wrongnessOf(role, report)).toBe('');
      const asked = observations.filter((one) => one.role === role && one.call.by === 'model');
      expect(asked).not.toEqual([]);
      const rest = observations.filter((one) => !asked.includes(one));
      expect(judgeSquad(brief, rest).judgement.verdict).toBe('inconclusive');

      const others = ['mediocre', 'hijacked', 'broken-invented-evidence'];
      for (const other of await Promise.all(others.map((model) => investigate(role, model)))) {
        expect(other.report).toMatchObject({ verdict: 'inconclusive', causes: [], actions: [] });
      }
    },
    60_000,
  );
});
