import { describe, expect, test } from '@jest/globals';
import { lanesOf, phaseState } from '../../web/src/squad/lanes.ts';
import type { Lane } from '../../web/src/squad/lanes.ts';
import { eventOf } from './event-of.ts';

function laneOf(role: string, ...events: Parameters<typeof lanesOf>): Lane {
  const lane = lanesOf(...events).find((one) => one.role === role);
  if (lane === undefined) throw new Error(`${role} has no lane`);
  return lane;
}

describe('lanes of the squad', () => {
  test('there is one for each member from the start, waiting', () => {
    const lanes = lanesOf([]);
    expect(lanes.map(({ role }) => role)).toEqual([
      ...['orchestrator', 'change', 'trace', 'log', 'aggregation', 'root-cause', 'verifier'],
    ]);
    expect(lanes.every(({ state }) => state === 'waiting')).toBe(true);
  });

  test('a step that is tried again is one step, with its attempt; the phase runs until all its steps have ended', () => {
    const lane = laneOf('trace', [
      eventOf(1, { type: 'begun' }),
      eventOf(2, { type: 'begun', stepKey: 'trace.r1.observe.2' }),
      eventOf(3, { stepKey: 'trace.r1.observe.2', data: { evidenceIds: ['ev-1', 'ev-2'] } }),
      eventOf(4, { type: 'begun', attempt: 2 }),
    ]);
    const [round] = lane.rounds;
    expect(round?.steps).toMatchObject([
      { state: 'running', attempt: 2 },
      { state: 'done', evidenceIds: ['ev-1', 'ev-2'] },
    ]);
    expect(round && phaseState(round, 'observe')).toBe('running');
    expect(round && phaseState(round, 'orient')).toBe('waiting');
    expect(lane.state).toBe('working');
  });

  test('a question of another member is a round of its own', () => {
    const asked = { stepKey: 'change.question-1.r1.observe.1', role: 'change' } as const;
    const lane = laneOf('change', [
      eventOf(1, { role: 'change', stepKey: 'change.r1.observe.1' }),
      eventOf(2, { role: 'change', stepKey: 'change.r2.observe.1', round: 2 }),
      eventOf(3, asked),
    ]);
    expect(lane.rounds.map(({ label }) => label)).toEqual(['Round 1', 'Round 2', 'Asked, round 1']);
  });

  test('an answer to a question leaves what a member has found by itself', () => {
    const own = { role: 'change', oodaPhase: 'act', stepKey: 'change.r1.act' } as const;
    const answer = { ...own, stepKey: 'change.question-1.r1.act' };
    const lane = laneOf('change', [
      eventOf(1, { ...own, text: 'found', data: { conclusion: 'anomalous' } }),
      eventOf(2, { ...answer, text: 'answered', data: { conclusion: 'normal' } }),
    ]);
    expect(lane).toMatchObject({ state: 'done', conclusion: 'anomalous', text: 'found' });
  });

  test('a phase that was not needed is passed over, one still to come is waited for', () => {
    const decide = {
      stepKey: 'root-cause.r1.decide',
      role: 'root-cause',
      oodaPhase: 'decide',
    } as const;
    const [round] = laneOf('root-cause', [eventOf(1, decide)]).rounds;
    expect(round && phaseState(round, 'observe')).toBe('passed-over');
    expect(round && phaseState(round, 'act')).toBe('waiting');
  });

  test('a member is done once it has concluded and nothing of it runs', () => {
    const act = { stepKey: 'trace.r2.act', oodaPhase: 'act', round: 2 } as const;
    const events = [eventOf(1), eventOf(2, { ...act, data: { conclusion: 'anomalous' } })];
    expect(laneOf('trace', events)).toMatchObject({ state: 'done', conclusion: 'anomalous' });
    const again = eventOf(3, { type: 'begun', stepKey: 'trace.question-1.r1.observe.1' });
    expect(laneOf('trace', [...events, again]).state).toBe('working');
  });

  test('where there is no loop a phase of the investigation is the round', () => {
    const lane = laneOf('orchestrator', [
      eventOf(1, { role: 'orchestrator', phase: 'scope', stepKey: 'scope.observe.1' }),
      eventOf(2, { role: 'orchestrator', phase: 'plan', stepKey: 'plan', oodaPhase: 'decide' }),
    ]);
    expect(lane.rounds.map(({ label, isLoop }) => [label, isLoop])).toEqual([
      ['scope', false],
      ['plan', false],
    ]);
  });
});
