import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readDecision } from '../../../core/safety/read-decision.ts';
import { decideActionSchema } from '../../../core/schemas/action.ts';

const text = fc.oneof(fc.string(), fc.constant('x'.repeat(101)), fc.constant('x'.repeat(4_001)));
const anything = fc.oneof(text, fc.anything());
const signals = fc.oneof(
  fc.anything(),
  fc.record(
    {
      actionId: anything,
      planHash: anything,
      decision: fc.oneof(fc.constantFrom('approve', 'reject'), anything),
      reason: anything,
      grant: anything,
    },
    { requiredKeys: [] },
  ),
);

describe('readDecision', () => {
  test('reads whatever the schema of the signal takes, as the schema reads it, and never throws', () => {
    fc.assert(
      fc.property(signals, (signal) => {
        const read = readDecision(signal);
        const parsed = decideActionSchema.safeParse(signal);
        if (parsed.success) expect(read).toEqual({ kind: 'decision', decision: parsed.data });
      }),
      { numRuns: 2_000 },
    );
  });

  test('cuts a long reason, since a decision is not to be lost over its words', () => {
    const signal = {
      actionId: 'act-1',
      planHash: 'a',
      decision: 'reject',
      reason: 'n'.repeat(2e5),
    };
    const read = readDecision(signal);
    expect(read.kind === 'decision' && read.decision.reason.length).toBe(1_000);
  });
});
