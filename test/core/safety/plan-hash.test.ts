import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { freezePlan, hashPlan } from '../../../core/safety/plan-hash.ts';
import type { ActionPlan } from '../../../core/schemas/action.ts';

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

const plan: ActionPlan = {
  version: 1,
  actionId: 'act-0001',
  investigationId: 'inv-0001',
  tool: 'call-ops',
  effect: 'write-reversible',
  target: { kind: 'service', name: 'payments' },
  url: 'http://127.0.0.1:9000/ops/rollback',
  method: 'POST',
  arguments: { toRevision: 'payments-r117' },
  dryRun: { revision: 'payments-r118' },
  expected: { revision: 'payments-r117' },
  rationale: 'errors began with this release',
  risk: 'low',
  rollback: 'deploy payments-r118 again',
  evidenceIds: ['ev-0123456789abcdef'],
  expiresAt: '2026-01-01T00:30:00.000Z',
};

describe('freezePlan', () => {
  test('gives SHA-256 over the canonical JSON, whatever the order of members', () => {
    const reordered = Object.fromEntries(Object.entries(plan).toReversed()) as ActionPlan;
    const hash = freezePlan(plan, sha256Hex);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(freezePlan(reordered, sha256Hex)).toBe(hash);
    expect(hashPlan(plan, sha256Hex)).toBe(hash);
  });

  test('gives another hash when anything of the plan changes', () => {
    const hashes = [
      plan,
      { ...plan, arguments: { toRevision: 'payments-r116' } },
      { ...plan, url: 'http://127.0.0.1:9001/ops/rollback' },
      { ...plan, expiresAt: '2026-01-01T00:31:00.000Z' },
      { ...plan, dryRun: {} },
    ].map((one) => freezePlan(one, sha256Hex));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test('refuses a plan with text that a person would not see', () => {
    const hidden = { ...plan, rationale: 'errors began\u202e with this release' };
    expect(() => freezePlan(hidden, sha256Hex)).toThrow('$.rationale holds U+202E');
    const inArguments = { ...plan, arguments: { 'to\u200bRevision': 'x' } };
    expect(() => freezePlan(inArguments, sha256Hex)).toThrow('U+200B');
  });

  test('counts arguments in bytes of UTF-8 and refuses more than 4096', () => {
    const withArguments = (text: string) => ({ ...plan, arguments: { text } });
    const overhead = '{"text":""}'.length;
    const fits = withArguments('é'.repeat((4_096 - overhead - 1) / 2));
    expect(freezePlan(fits, sha256Hex)).toMatch(/^[0-9a-f]{64}$/);
    const over = withArguments('é'.repeat((4_096 - overhead + 1) / 2));
    expect(() => freezePlan(over, sha256Hex)).toThrow('4097 bytes');
  });
});
