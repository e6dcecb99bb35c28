import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { sharedTemporal } from '../support/temporal.ts';
import { recordedSubject } from '../support/subject.ts';
import type { Subject } from '../support/subject.ts';
import { startNetworkGround } from '../support/network-ground.ts';
import type { Link, NetworkGround } from '../support/network-ground.ts';
import type { NetworkFault } from '../support/faulty-proxy.ts';

/** Networks between our own processes that are slow, cut, or silent: nothing is lost, nothing is done twice, and it goes on by itself. */
const lastsMs = 10_000;
let ground: NetworkGround;
let database: TestDatabase;
let subject: Subject;

beforeAll(async () => {
  database = await createTestDatabase();
  ground = await startNetworkGround({
    databaseUrl: database.connectionString,
    temporalAddress: sharedTemporal().address,
  });
  subject = recordedSubject(ground.line);
  await subject.undisturbed();
}, 240_000);

afterAll(async () => {
  await ground?.stop();
  await database?.drop();
}, 240_000);

describe('a faulty network', () => {
  test.each<[Link, NetworkFault]>([
    ['api-postgres', { kind: 'half-open' }],
    ['worker-postgres', { kind: 'reset' }],
    ['worker-temporal', { kind: 'latency', ms: 300 }],
  ])(
    'between %s, %j: the run ends as it would have, and the API says how it stands meanwhile',
    async (link, fault) => {
      const run = await ground.investigateUnder(subject, { link, fault, lastsMs });
      expect(subject.answerOf(run.report)).toEqual(subject.answerOf(await subject.undisturbed()));
      expect(run.endedTwice).toEqual([]);
      expect(run.health).toEqual([200]);
      expect(run.ready).toContain(link === 'api-postgres' ? 503 : 200);
    },
    180_000,
  );
});
