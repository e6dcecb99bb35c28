import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { GrantCheck } from '../../../activities/dependencies.ts';
import { readDecision } from '../../../core/safety/read-decision.ts';
import { at, planHash } from '../../store/samples.ts';
import { openTestStore } from '../../support/database.ts';
import type { TestStore } from '../../support/database.ts';
import { json, openWriteWorld, sha256Hex } from './write-world.ts';
import type { WriteWorld } from './write-world.ts';

let opened: TestStore;
let count = 0;

beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.close());

async function openWorld(grant?: GrantCheck): Promise<WriteWorld> {
  const world = await openWriteWorld(opened.store, (_, response) => json(response, 200, {}), grant);
  await world.target.close();
  return world;
}

const expiresAt = at + 600_000;

function granted(actionId: string): GrantCheck {
  count += 1;
  const claims = {
    id: `g-${count}`,
    person: 'ada',
    actionId,
    planHash,
    decision: 'approve' as const,
  };
  return { ok: true, claims: { ...claims, reasonHash: sha256Hex('seen'), expiresAt } };
}

function approval({ actionId, planHash }: WriteWorld, reason = 'seen') {
  return readDecision({ actionId, planHash, decision: 'approve', reason });
}

async function decisionsOf(world: WriteWorld) {
  return (await opened.store.actions.get(world.actionId))?.decisions ?? [];
}

describe('a decision that has arrived', () => {
  test('is accepted with a grant for this action and hash, and once', async () => {
    const world = await openWorld(granted('any'));
    const arrived = [approval(world)];
    const first = await world.run('action.decide', { stepKey: 'decide.1', expiresAt, arrived });
    expect(first).toEqual({ accepted: 'approve' });
    const second = await world.run('action.decide', { stepKey: 'decide.2', expiresAt, arrived });
    expect(second).toEqual({ accepted: null });
    expect(await decisionsOf(world)).toMatchObject([
      { accepted: true, because: 'granted' },
      { accepted: false, because: 'the grant was used before' },
    ]);
    expect(await world.state()).toBe('approved');
  });

  test('is found among others that arrived with it, and recorded once with each of them', async () => {
    const world = await openWorld(granted('any'));
    const approve = approval(world);
    const nothing = readDecision(null);
    const arrived = [nothing, approve, approve, nothing];
    const outcome = await world.run('action.decide', { stepKey: 'decide.1', expiresAt, arrived });
    expect(outcome).toEqual({ accepted: 'approve' });
    const accepted = (await decisionsOf(world)).map((one) => one.accepted);
    expect(accepted).toEqual([false, true, false, false]);
  });

  test('with other words than were signed is refused: what is on record is what the person said', async () => {
    const world = await openWorld(granted('any'));
    const arrived = [approval(world, 'as my boss wants it')];
    const outcome = await world.run('action.decide', { stepKey: 'decide.1', expiresAt, arrived });
    expect(outcome).toEqual({ accepted: null });
    expect(await decisionsOf(world)).toMatchObject([
      { accepted: false, because: 'the reason is not the one that was signed' },
    ]);
  });

  test.each([
    ['nothing at all', undefined],
    ['null', null],
    ['a list', []],
    ['a number', 7],
    ['no hash', { actionId: 'act-write-1', decision: 'approve' }],
    ['another word', { actionId: 'act-write-1', planHash, decision: 'maybe' }],
    ['an object for a word', { actionId: 'act-write-1', planHash, decision: { approve: true } }],
    ['a grant of 5 KB', { actionId: 'a', planHash, decision: 'approve', grant: 'g'.repeat(5_000) }],
  ])(
    'that is %s is refused and recorded, even where a grant would be found good',
    async (_, sent) => {
      const world = await openWorld(granted('any'));
      const outcome = await world.run('action.decide', {
        stepKey: 'decide.1',
        expiresAt,
        arrived: [readDecision(sent)],
      });
      expect(outcome).toEqual({ accepted: null });
      const action = await opened.store.actions.get(world.actionId);
      expect(action).toMatchObject({
        state: 'proposed',
        decisions: [
          {
            ...{ accepted: false, decision: null, person: null },
            because: expect.stringMatching(/^not a decision: /),
          },
        ],
      });
    },
  );

  test('after the expiry it is refused, however well it is granted', async () => {
    const world = await openWorld(granted('any'));
    world.setClock(expiresAt);
    const arrived = [approval(world)];
    const outcome = await world.run('action.decide', { stepKey: 'decide.1', expiresAt, arrived });
    expect(outcome).toEqual({ accepted: null });
    expect(await decisionsOf(world)).toMatchObject([{ because: 'the action has expired' }]);
  });

  test('preparing what nobody approved sends nothing and says so', async () => {
    const world = await openWorld();
    expect(await world.run('action.prepare', { stepKey: 'prepare' })).toEqual({ allowed: false });
    expect(await opened.store.actions.intent(world.actionId)).toBeNull();
  });
});
