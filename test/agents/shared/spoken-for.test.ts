import { expect, test } from '@jest/globals';
import { judge } from '../../../agents/root-cause/judge.ts';
import type { Judgement } from '../../../agents/root-cause/judge.ts';
import type { ObservedCall } from '../../../core/ports/policy.ts';
import type { Brief } from '../../../core/schemas/brief.ts';
import { digestSchema } from '../../../core/schemas/digest.ts';
import type { Digest, Observation } from '../../../core/schemas/digest.ts';
import type { Entity } from '../../../core/schemas/primitives.ts';
import { dated, front, onsetAt, orders, shift, window } from '../support/world.ts';

const green: Entity = { kind: 'service', name: 'shop-green' };
const suspected = { earliestAt: onsetAt - 1_000, latestAt: onsetAt + 1_000 };
const kinds = ['metrics', 'traces', 'logs', 'changes', 'events', 'state'];

function briefOf(symptomatic: boolean, entity: Entity): Brief {
  return {
    ...{ investigationId: 'inv-1', question: null, window, suspected, symptomatic, entity },
    alert: {
      ...{ title: 'It hurts', severity: 'critical', entity, symptom: 'availability', labels: {} },
      startedAt: new Date(onsetAt).toISOString(),
    },
    ...{ services: [], opsServices: [] },
    coverage: kinds.map((kind) => ({ kind, rows: 100, services: [] })),
  };
}

const call = (tool: string, digest: Partial<Digest>): ObservedCall => ({
  ...{ role: 'change', round: 1, call: { tool, input: {}, because: '' } },
  observed: {
    ...{ ok: true, tool, evidenceIds: [`ev-${tool}`] },
    digest: digestSchema.parse({ tool, ...digest }),
  },
});
const asksForNone = (score: number): Observation =>
  shift({
    ...{ entity: green, aspect: 'condition', name: 'asks for 0 replicas', unit: '{time}' },
    ...{ faultKind: 'scaled-to-zero', before: 0, after: 1, support: 1, score },
  });
const idle = call('inspect-state', { observations: [asksForNone(2)] });
const scaled = call('list-events', { observations: [asksForNone(5)] });
const scaling = call('list-changes', {
  changes: [{ id: 'chg-1', kind: 'scale', at: onsetAt, service: 'shop-green', touches: [] }],
});
const failingCalls = call('compare-traces', {
  dependencies: [{ from: front, to: green, calls: 500 }],
  observations: [
    dated({ entity: front, aspect: 'error-ratio' }),
    dated({ entity: front, peer: green, aspect: 'edge-error' }),
  ],
});
const told = ({ verdict, charges }: Judgement) => ({
  verdict,
  ...(verdict === 'cause-found' && {
    name: charges[0]?.entity.name,
    faultKind: charges[0]?.faultKind,
  }),
});
const found = { verdict: 'cause-found', name: 'shop-green', faultKind: 'scaled-to-zero' };

test("an idle colour is nobody's cause, whether users feel something or not", () => {
  expect(told(judge(briefOf(false, front), [idle]))).toEqual({ verdict: 'no-cause-found' });
  expect(told(judge(briefOf(false, green), [idle]))).toEqual({ verdict: 'no-cause-found' });
  const slow = call('compare-traces', {
    observations: [dated({ entity: orders, aspect: 'self-time', unit: 'ms', after: 900 })],
  });
  expect(told(judge(briefOf(true, orders), [idle, slow]))).toMatchObject({ name: 'orders' });
});

test('calls that fail for want of it speak for it', () => {
  expect(told(judge(briefOf(true, front), [idle, failingCalls]))).toEqual(found);
});

test('that somebody took it to zero in the window speaks for it where somebody feels it', () => {
  const byChange = judge(briefOf(true, green), [idle, scaling]);
  expect(told(byChange)).toMatchObject({ verdict: 'cause-found', name: 'shop-green' });
  expect(byChange.charges[0]?.fit?.change.id).toBe('chg-1');
  expect(told(judge(briefOf(false, green), [idle, scaled]))).toEqual(found);
});

test('a colour that was switched off while all is well is no cause', () => {
  const fewer = call('compare-traces', {
    observations: [dated({ entity: green, aspect: 'traffic', before: 40, after: 0 })],
  });
  for (const seen of [[scaled], [scaling], [fewer], [scaled, scaling, fewer]]) {
    expect(told(judge(briefOf(false, front), [idle, ...seen]))).toEqual({
      verdict: 'no-cause-found',
    });
  }
});
