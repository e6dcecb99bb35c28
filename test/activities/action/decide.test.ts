import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { GrantCheck } from '../../../activities/dependencies.ts';
import { readDecision } from '../../../core/safety/read-decision.ts';
import { at, planHash } from '../../store/samples.ts';
import { openTestStore } from '../../support/database.ts';
import type { TestStore } from '../../support/database.ts';
import { json, openWriteWorld } from './write-world.ts';
import type { WriteWorld } from './write-world.ts';

let opened: TestStore;

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
  const claims = { id: 'g-1', person: 'ada', actionId, planHash, decision: 'approve' as const };
  return { ok: true, claims: { ...claims, expiresAt } };
}

describe('a decision that has arrived', () => {
  test('is accepted with a grant for this action and hash, and once', async () => {
    const world = await openWorld(granted('any'));
    const { actionId } = world;
    const arrived = readDecision({ actionId, planHash, decision: 'approve' });
    const first = await world.run('action.decide', { stepKey: 'decide.1', expiresAt, arrived });
    expect(first).toEqual({ accepted: true, because: 'granted' });
    const second = await world.run('action.decide', { stepKey: 'decide.2', expiresAt, arrived });
    expect(second).toEqual({ accepted: false, because: 'the grant was used before' });
    expect(await world.state()).toBe('approved');
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
        arrived: readDecision(sent),
      });
      expect(outcome.accepted).toBe(false);
      expect(outcome.because).toMatch(/^not a decision: /);
      const action = await opened.store.actions.get(world.actionId);
      expect(action).toMatchObject({
        state: 'proposed',
        decisions: [{ accepted: false, decision: null, person: null, because: outcome.because }],
      });
    },
  );

  test('after the expiry it is refused, however well it is granted', async () => {
    const world = await openWorld(granted('any'));
    world.setClock(expiresAt);
    const arrived = readDecision({ actionId: world.actionId, planHash, decision: 'approve' });
    const outcome = await world.run('action.decide', { stepKey: 'decide.1', expiresAt, arrived });
    expect(outcome).toEqual({ accepted: false, because: 'the action has expired' });
  });

  test('preparing what nobody approved sends nothing and says so', async () => {
    const world = await openWorld();
    expect(await world.run('action.prepare', { stepKey: 'prepare' })).toEqual({ allowed: false });
    expect(await opened.store.actions.intent(world.actionId)).toBeNull();
  });
});
