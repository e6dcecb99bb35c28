import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { judgeSquad } from '../../../agents/root-cause/judge-squad.ts';
import { startLocalGemini } from '../../../examples/local-gemini/start-local-gemini.ts';
import type { LocalGemini } from '../../../examples/local-gemini/start-local-gemini.ts';
import { answerCase } from '../../support/answer-case.ts';
import type { Answer } from '../../support/answer-case.ts';
import { narrowedDir } from '../../support/incidents.ts';
import { localModel } from '../../support/local-model.ts';

let gemini: LocalGemini;
beforeAll(async () => {
  gemini = await startLocalGemini();
});
afterAll(() => gemini?.stop());

function investigate(role: string, model?: string): Promise<Answer> {
  const given = model === undefined ? undefined : localModel(gemini.url, model);
  return answerCase(path.join(narrowedDir, role), given);
}

describe('a model makes a difference to a recorded case', () => {
  test.each(['aggregation', 'trace', 'log', 'change'])(
    'by a question to the %s specialist, where the embedded policies abstain',
    async (role) => {
      const alone = await investigate(role);
      expect(alone.report).toMatchObject({ verdict: 'inconclusive', causes: [] });

      const { wrong, brief, observations } = await investigate(role, 'competent');
      expect(wrong).toBe('');
      const asked = observations.filter((one) => one.role === role && one.call.by === 'model');
      expect(asked).not.toEqual([]);
      const rest = observations.filter((one) => !asked.includes(one));
      expect(judgeSquad(brief, rest).judgement.verdict).toBe('inconclusive');

      const others = ['mediocre', 'hijacked', 'broken-invented-evidence'];
      for (const other of await Promise.all(others.map((model) => investigate(role, model)))) {
        expect(other.report).toMatchObject({ verdict: 'inconclusive', causes: [], actions: [] });
      }
    },
    120_000,
  );
});
