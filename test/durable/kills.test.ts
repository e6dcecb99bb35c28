import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { killServer, killWorkerAt, killWorkerAtEveryMoment } from '../support/kills.ts';
import type { KilledRun } from '../support/kills.ts';
import { startKillGround } from '../support/kill-ground.ts';
import type { KillGround } from '../support/kill-ground.ts';
import { liveSubject, recordedSubject } from '../support/subject.ts';
import type { Subject } from '../support/subject.ts';
import { openTestFolder } from '../support/test-folder.ts';

/** kill -9 at any moment: nothing is lost, nothing is done twice. */
let ground: KillGround;
const folder = openTestFolder('kills');

beforeAll(async () => {
  ground = await startKillGround(folder.open());
}, 240_000);

afterAll(async () => {
  await ground?.stop();
  folder.remove();
}, 240_000);

/** What the retry policy of a step adds to its first pause where it was held so long that it had been begun more than once. */
function longerPauseMs(attempts: number): number {
  return Math.min(500 * 2 ** (attempts - 1), 10_000) - 500;
}

function expectUnharmed(subject: Subject, runs: readonly KilledRun[], answer: unknown): void {
  for (const run of runs) {
    expect({
      phase: run.phase,
      answer: subject.answerOf(run.report),
      repeated: run.repeatedSteps,
      endedTwice: run.endedTwice,
      historyShowsSecondAttempt: run.historyShowsSecondAttempt,
    }).toEqual({
      phase: run.phase,
      answer,
      repeated: [run.heldStep],
      endedTwice: [],
      historyShowsSecondAttempt: true,
    });
    expect(run.continueMs).toBeLessThanOrEqual(20_000 + longerPauseMs(run.attemptsBefore));
  }
}

describe('kill -9 while a recorded case is investigated', () => {
  let subject: Subject;

  beforeAll(() => {
    subject = recordedSubject(ground.line);
  });

  test('AU-40 of the worker, in each phase and between a write and its record: every run ends as it would have, and only the call in flight is repeated', async () => {
    const { runs, write } = await killWorkerAtEveryMoment(ground, subject);
    expect(runs).toHaveLength(8);
    expectUnharmed(subject, runs, subject.answerOf(await subject.undisturbed()));
    expect(write).toMatchObject({ effects: 1, state: 'applied' });
    expect(write.attempts).toBeGreaterThanOrEqual(2);
  }, 240_000);

  test.each(['temporal', 'postgres', 'api'] as const)(
    'TA-06 of %s: each run ends as it would have, with nothing lost',
    async (victim) => {
      const answer = subject.answerOf(await subject.undisturbed());
      for (const report of await killServer(ground, subject, victim)) {
        expect(subject.answerOf(report)).toEqual(answer);
      }
    },
    240_000,
  );
});

describe('kill -9 while telemetry that comes in is investigated', () => {
  let subject: Subject;
  const caught = ['snapshot', 'decide', 'second observe'];
  const answer = {
    verdict: 'cause-found',
    causes: [
      {
        entity: { kind: 'service', name: 'checkout' },
        faultKind: 'bad-deploy',
        changeId: expect.stringMatching(/^checkout@checkout-r119\//) as unknown,
      },
    ],
  };

  beforeAll(async () => {
    subject = await liveSubject(ground.line);
  });

  test('AU-40 of the worker, over its snapshot, in the first look and in the second: every run ends as it would have, and only the call in flight is repeated', async () => {
    const moments = subject.moments.filter(({ phase }) => caught.includes(phase));
    const runs = await killWorkerAt(ground, subject, moments);
    expect(runs.map(({ phase }) => phase)).toEqual(caught);
    expectUnharmed(subject, runs, answer);
  }, 240_000);
});
