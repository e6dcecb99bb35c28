import { describe, expect, test } from '@jest/globals';
import { guard } from '../../../core/safety/guard.ts';
import type { EffectClass } from '../../../core/schemas/action.ts';

const approval = { accepted: true, planHash: 'a'.repeat(64), expired: false };
const planHash = approval.planHash;
const writes: readonly EffectClass[] = ['write-reversible', 'write-irreversible'];

describe('guard', () => {
  test.each(['read', 'read-sensitive'] as const)('allows a %s tool without approval', (effect) => {
    expect(guard({ toolName: 'query-logs', effect }).kind).toBe('allow');
  });

  test('denies a tool that is not registered, even with an approval', () => {
    const decision = guard({ toolName: 'rm', effect: undefined, approval, planHash });
    expect(decision).toEqual({
      kind: 'deny',
      because: 'rm is not a registered tool of this caller',
    });
  });

  test('denies what is forbidden, even with an approval', () => {
    expect(guard({ toolName: 'drop', effect: 'forbidden', approval, planHash }).kind).toBe('deny');
  });

  test('denies an effect class that is not on the list', () => {
    const effect = 'write-a-little' as EffectClass;
    expect(guard({ toolName: 'call-ops', effect, approval, planHash }).kind).toBe('deny');
  });

  describe.each(writes)('of a %s tool', (effect) => {
    const call = (rest: object) => guard({ toolName: 'call-ops', effect, ...rest }).kind;

    test('asks for approval when there is none, or none accepted', () => {
      expect(call({ planHash })).toBe('needs-approval');
      expect(call({ planHash, approval: { ...approval, accepted: false } })).toBe('needs-approval');
    });

    test('allows the very plan that was approved', () => {
      expect(call({ planHash, approval })).toBe('allow');
    });

    test('denies under an expired approval', () => {
      expect(call({ planHash, approval: { ...approval, expired: true } })).toBe('deny');
    });

    test('denies another plan, or a call that names none', () => {
      expect(call({ planHash: 'b'.repeat(64), approval })).toBe('deny');
      expect(call({ approval })).toBe('deny');
      expect(call({ planHash: '', approval: { ...approval, planHash: '' } })).toBe('deny');
    });
  });
});
