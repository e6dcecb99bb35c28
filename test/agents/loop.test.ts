import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { advance, createLoop } from '../../agents/loop.ts';
import type { LoopCaps, LoopEvent, LoopState, LoopStep } from '../../agents/loop.ts';
import { profiles, roster } from '../../agents/roster.ts';
import type { Decision } from '../../core/schemas/finding.ts';
import type { ToolCall } from '../../core/schemas/tool-call.ts';

const call: ToolCall = { tool: 'scan-metrics', input: {}, because: 'to see' };
const look = (count: number): Decision => ({
  kind: 'look',
  reasoning: 'more',
  calls: Array.from({ length: count }, () => call),
});
const ask = (count: number): Decision => ({
  kind: 'ask',
  reasoning: 'tell me',
  specialist: 'change',
  question: 'did it?',
  calls: Array.from({ length: count }, () => call),
});
const conclude: Decision = { kind: 'conclude', reasoning: 'enough' };
const caps: LoopCaps = { rounds: 4, calls: 12, deadlineAt: 1_000 };

/** Feeds events in order and gives the last step. */
function run(limits: LoopCaps, events: readonly LoopEvent[]): LoopStep {
  return events.reduce<LoopStep>((step, event) => advance(step.state, event), {
    state: createLoop(limits),
    commands: [],
  });
}

const started = (calls = 1, at = 0): LoopEvent => ({
  kind: 'started',
  at,
  calls: Array.from({ length: calls }, () => call),
});
const observed = (at = 0): LoopEvent => ({ kind: 'observed', at });
const oriented = (at = 0): LoopEvent => ({ kind: 'oriented', at });
const decided = (decision: Decision, at = 0): LoopEvent => ({ kind: 'decided', at, decision });
/** One round from observe to a decision. */
const round = (decision: Decision, at = 0): readonly LoopEvent[] => [
  observed(at),
  oriented(at),
  decided(decision, at),
];

describe('a round', () => {
  test('goes through observe, orient, decide and act in this order', () => {
    const events = [started(2), ...round(look(1)), observed()];
    const kinds = events.map((_event, index) => {
      return run(caps, events.slice(0, index + 1)).commands[0]?.kind;
    });
    expect(kinds).toEqual(['observe', 'orient', 'decide', 'observe', 'orient']);
  });

  test('that asks a colleague goes on with orient once the answer is in', () => {
    const asked = run(caps, [started(), ...round(ask(2))]);
    expect(asked.commands).toMatchObject([
      { kind: 'ask', specialist: 'change', question: 'did it?' },
    ]);
    const answered = advance(asked.state, { kind: 'answered', at: 0 });
    expect(answered.commands).toEqual([{ kind: 'orient', round: 2 }]);
  });

  test('without calls goes straight to orient', () => {
    expect(run(caps, [started(0)]).commands).toEqual([{ kind: 'orient', round: 1 }]);
  });
});

describe('RT-114 every way the loop can stop', () => {
  const ways: readonly {
    readonly name: string;
    readonly ended: string;
    readonly step: LoopStep;
  }[] = [
    { name: 'an answer', ended: 'answered', step: run(caps, [started(), ...round(conclude)]) },
    {
      name: 'the cap on rounds',
      ended: 'rounds',
      step: run({ ...caps, rounds: 1 }, [started(), ...round(conclude)]),
    },
    {
      name: 'the cap on calls',
      ended: 'calls',
      step: run({ ...caps, calls: 1 }, [started(), ...round(conclude)]),
    },
    {
      name: 'the time',
      ended: 'time',
      step: run(caps, [started(), ...round(conclude, 1_000)]),
    },
    {
      name: 'a reasoner that goes on although it must conclude',
      ended: 'rounds',
      step: run({ ...caps, rounds: 1 }, [started(), ...round(look(1))]),
    },
    {
      name: 'a failure',
      ended: 'failed',
      step: run(caps, [started(), { kind: 'failed', at: 0 }]),
    },
    {
      name: 'a cancellation',
      ended: 'cancelled',
      step: run(caps, [started(), observed(), { kind: 'cancelled', at: 0 }]),
    },
  ];

  test.each(ways)('RT-114 by $name it ends as $ended', ({ ended, step }) => {
    expect(step.commands).toEqual([{ kind: 'finish', ended }]);
    expect(step.state).toMatchObject({ phase: 'ended', ended });
  });

  test('nothing that comes after the end changes anything', () => {
    const { state } = run(caps, [started(), ...round(conclude)]);
    const late: readonly LoopEvent[] = [
      started(),
      ...round(look(1)),
      { kind: 'failed', at: 0 },
      { kind: 'cancelled', at: 0 },
      { kind: 'answered', at: 0 },
    ];
    for (const event of late) expect(advance(state, event)).toEqual({ state, commands: [] });
  });
});

describe('caps', () => {
  test('OS-57 RT-32 the triage profile allows 20 rounds and 40 calls, and the squad fits into it', () => {
    expect(profiles.triage).toEqual({ rounds: 20, calls: 40, wallMs: 300_000 });
    const members = ['aggregation', 'trace', 'log', 'change', 'root-cause'] as const;
    const rounds = members.reduce((sum, role) => sum + roster[role].caps.rounds, 0);
    expect(rounds).toBeLessThanOrEqual(profiles.triage.rounds);
  });

  test('OS-57 reaching the cap on rounds forces a conclusion', () => {
    const { commands } = run({ ...caps, rounds: 2 }, [
      started(),
      ...round(look(1)),
      observed(),
      oriented(),
    ]);
    expect(commands).toEqual([{ kind: 'decide', round: 2, mustConclude: 'rounds' }]);
  });

  test('calls beyond the cap are cut off in order, also those of a question', () => {
    expect(run({ ...caps, calls: 3 }, [started(5)]).commands).toMatchObject([
      { kind: 'observe', calls: [call, call, call] },
    ]);
    const { commands, state } = run({ ...caps, calls: 3 }, [started(2), ...round(ask(4))]);
    expect(commands).toMatchObject([{ kind: 'ask', calls: [call] }]);
    expect(state.callsUsed).toBe(3);
  });

  test('time that runs out while a decision is taken leads to one more round, which concludes', () => {
    const late = run(caps, [started(), observed(), oriented(), decided(look(2), 1_000)]);
    expect(late.commands).toEqual([{ kind: 'orient', round: 2 }]);
    const next = advance(late.state, oriented(1_001));
    expect(next.commands).toEqual([{ kind: 'decide', round: 2, mustConclude: 'time' }]);
    expect(next.state.callsUsed).toBe(1);
  });

  const events: fc.Arbitrary<LoopEvent> = fc.oneof(
    fc
      .record({ at: fc.nat(2_000), calls: fc.constantFrom(0, 1, 3, 9) })
      .map(({ at, calls }) => started(calls, at)),
    fc.nat(2_000).map(observed),
    fc.nat(2_000).map(oriented),
    fc.nat(2_000).map((at): LoopEvent => ({ kind: 'answered', at })),
    fc
      .record({ at: fc.nat(2_000), decision: fc.constantFrom(look(1), look(4), ask(2), conclude) })
      .map(({ at, decision }) => decided(decision, at)),
  );

  test('RT-32 no sequence of events makes more rounds or calls than allowed', () => {
    fc.assert(
      fc.property(
        fc.array(events, { maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 10 }),
        (sequence, rounds, calls) => {
          const limits = { rounds, calls, deadlineAt: 1_500 };
          let state: LoopState = createLoop(limits);
          let made = 0;
          for (const event of sequence) {
            const step = advance(state, event);
            state = step.state;
            for (const command of step.commands) {
              if (command.kind === 'observe' || command.kind === 'ask')
                made += command.calls.length;
            }
            expect(step.commands.length).toBeLessThanOrEqual(1);
          }
          expect(made).toBeLessThanOrEqual(calls);
          expect(state.round).toBeLessThanOrEqual(rounds);
        },
      ),
    );
  });
});
