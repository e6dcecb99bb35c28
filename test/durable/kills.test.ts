import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  killServers,
  killWorkerInEveryPhase,
  startKillGround,
  verdictOf,
} from '../support/kills.ts';
import type { KillGround } from '../support/kills.ts';
import { openTestFolder } from '../support/test-folder.ts';

/** kill -9 at any moment: nothing is lost, nothing is done twice. */
let ground: KillGround;
const folder = openTestFolder('kills');

beforeAll(async () => {
  ground = await startKillGround(folder.open());
}, 180_000);

afterAll(async () => {
  await ground?.stop();
  folder.remove();
}, 60_000);

describe('kill -9 of the worker', () => {
  test('AU-40 in each phase, and between a write and its record: every run ends as it would have, and only the call in flight is repeated', async () => {
    const undisturbed = await ground.undisturbed();
    const outcome = await killWorkerInEveryPhase(ground);
    for (const run of outcome.runs) {
      expect({ phase: run.phase, verdict: verdictOf(run.report) }).toEqual({
        phase: run.phase,
        verdict: verdictOf(undisturbed),
      });
      expect({ phase: run.phase, repeated: run.repeatedSteps }).toEqual({
        phase: run.phase,
        repeated: [run.heldStep],
      });
      expect({ phase: run.phase, endedTwice: run.endedTwice }).toEqual({
        phase: run.phase,
        endedTwice: [],
      });
      expect(run.historyShowsSecondAttempt).toBe(true);
    }
    expect(outcome.write.effects).toBe(1);
    expect(outcome.write.state).toBe('applied');
    expect(outcome.write.attempts).toBeGreaterThanOrEqual(2);
    for (const ms of outcome.continueMs) expect(ms).toBeLessThanOrEqual(20_000);
  }, 240_000);
});

describe('kill -9 of a server', () => {
  test.each(['temporal', 'postgres', 'api'] as const)(
    'TA-06 %s dies while investigations run: each ends as it would have, with nothing lost',
    async (victim) => {
      const undisturbed = await ground.undisturbed();
      const reports = await killServers(ground, victim);
      for (const report of reports) expect(verdictOf(report)).toEqual(verdictOf(undisturbed));
    },
    240_000,
  );
});
