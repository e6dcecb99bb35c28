import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listScenarios, readScenario } from '../../../examples/local-gemini/models/broken.ts';
import { startLocalGemini } from '../../../examples/local-gemini/start-local-gemini.ts';
import type { LocalGemini } from '../../../examples/local-gemini/start-local-gemini.ts';
import type { Report } from '../../../core/schemas/report.ts';
import { investigateIncident } from '../../support/investigate-incident.ts';
import { localModel } from '../../support/local-model.ts';

let gemini: LocalGemini;
let alone: Report;

beforeAll(async () => {
  gemini = await startLocalGemini();
  ({ report: alone } = await investigateIncident('bad-deploy'));
});
afterAll(() => gemini?.stop());

/** What a report says of the incident, leaving out who said it, how long it took and what ended it. */
function answerOf({ verdict, causes, chain, ranking, claims, actions }: Report) {
  return { verdict, causes, chain, ranking, claims, actions };
}

describe('a model that is broken', () => {
  test.each(listScenarios())(
    'ends as its scenario says: %s',
    async (name) => {
      const { expected } = readScenario(name);
      const timeoutMs = name === 'hang' ? 200 : 20_000;
      const model = localModel(gemini.url, `broken-${name}`, { timeoutMs });
      const { report } = await investigateIncident('bad-deploy', { model });
      expect(answerOf(report)).toEqual(answerOf(alone));
      expect(report.status).toBe('completed');
      const { fallbacks, repairCount, refusedTools, droppedCount } = report.reasoner ?? {};
      const because = new Set(fallbacks?.map((one) => one.because));
      expect([...because]).toEqual(expected.fallback === null ? [] : [expected.fallback]);
      expect((repairCount ?? 0) > 0).toBe(expected.isRepaired);
      expect((refusedTools ?? []).length > 0).toBe(expected.isRefused);
      expect((droppedCount ?? 0) > 0).toBe(expected.isDropped);
      expect(report.cost.modelCalls).toBeLessThan(60);
    },
    60_000,
  );

  test('OS-60 the report says from which round the embedded policy went on', async () => {
    const model = localModel(gemini.url, 'broken-html-502');
    const { report } = await investigateIncident('bad-deploy', { model });
    const said = report.gaps.filter(({ signal }) => signal === 'model').map(({ reason }) => reason);
    expect(said).toContainEqual(
      expect.stringMatching(
        /^From round 1 of plan, .*round 1 of trace, .* on the embedded policy decided: the model could not be asked/,
      ),
    );
    expect(report.reasoner?.kind).toBe('embedded');
    expect(report.cost.modelCalls).toBe(3);
  });
});
