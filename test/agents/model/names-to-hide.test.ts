import { expect, test } from '@jest/globals';
import { namesToHide } from '../../../agents/model/names-to-hide.ts';
import type { ObservedCall } from '../../../core/ports/policy.ts';
import type { Brief } from '../../../core/schemas/brief.ts';
import { digestSchema } from '../../../core/schemas/digest.ts';
import { shift, window } from '../support/world.ts';

const brief: Brief = {
  investigationId: 'inv-1',
  question: null,
  alert: { title: 'slow', severity: 'critical', labels: {} },
  window,
  suspected: { earliestAt: window.startAt, latestAt: window.endAt },
  symptomatic: true,
  entity: { kind: 'service', name: 'front' },
  services: ['front', 'x'],
  coverage: [{ kind: 'logs', rows: 1, services: ['written'] }],
  opsServices: [],
  candidates: [{ kind: 'database', name: 'vault' }],
};

test('OS-81 all names are hidden that an investigation knows, however many they are', () => {
  const observed: ObservedCall[] = Array.from({ length: 10 }, (_, call) => ({
    role: 'aggregation',
    round: 1,
    call: { tool: 'scan-fleet', input: {}, because: '' },
    observed: {
      ok: true,
      tool: 'scan-fleet',
      evidenceIds: [],
      digest: digestSchema.parse({
        tool: 'scan-fleet',
        observations: Array.from({ length: 100 }, (_one, index) =>
          shift({ entity: { kind: 'instance', name: `web-${call}-${index}` }, aspect: 'cpu' }),
        ),
      }),
    },
  }));
  const names = namesToHide(brief, observed);
  expect(names).toHaveLength(3 + 1_000);
  expect(names).toEqual(
    expect.arrayContaining([
      { kind: 'service', name: 'front' },
      { kind: 'service', name: 'written' },
      { kind: 'service', name: 'vault' },
      { kind: 'pod', name: 'web-9-99' },
    ]),
  );
});
