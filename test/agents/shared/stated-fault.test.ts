import { expect, test } from '@jest/globals';
import { collectFacts } from '../../../agents/shared/facts.ts';
import { createPicture } from '../../../agents/shared/picture.ts';
import { statedFault } from '../../../agents/shared/stated-fault.ts';
import { digestSchema } from '../../../core/schemas/digest.ts';
import type { FaultKind } from '../../../core/schemas/fault-kind.ts';
import { front, onsetAt, orders, shift, window } from '../support/world.ts';

const at = { earliestAt: onsetAt, latestAt: onsetAt };
const brief = {
  ...{ investigationId: 'inv-1', question: null, window, suspected: at, symptomatic: true },
  alert: { title: 'It hurts', severity: 'critical', labels: {} },
  ...{ entity: front, services: [], coverage: [], opsServices: [] },
} as const;

function toldOf(...said: readonly (readonly [FaultKind, number])[]): string | undefined {
  const observations = said.map(([faultKind, score]) =>
    shift({ entity: orders, aspect: 'condition', name: faultKind, faultKind, score }),
  );
  const tool = 'list-events';
  const digest = digestSchema.parse({ tool, observations });
  const call = { tool, input: {}, because: '' };
  const facts = collectFacts([
    { role: 'change', round: 1, call, observed: { ok: true, tool, evidenceIds: ['ev-1'], digest } },
  ]);
  const picture = createPicture({ ...brief, services: [], coverage: [], opsServices: [] }, facts);
  return statedFault(picture, orders)?.faultKind;
}

test('what says why a rollout does not get on says more than that it does not, and that more than that something ends', () => {
  expect(toldOf(['crash', 8], ['bad-deploy', 5], ['bad-config', 5])).toBe('bad-config');
  expect(toldOf(['crash', 8], ['bad-deploy', 5])).toBe('bad-deploy');
  expect(toldOf(['crash', 8], ['restart', 6])).toBe('crash');
  expect(toldOf(['bad-config', 5], ['image-pull', 7])).toBe('image-pull');
});
