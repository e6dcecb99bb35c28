import { expect, test } from '@jest/globals';
import { dated, deploy, front, investigate, onsetAt, orders, shift } from '../support/world.ts';

test('a deploy made while its onset was still open stands before what it brought about', async () => {
  const change = deploy('orders', 0);
  const { synthesis } = await investigate({
    felt: [dated({ entity: front, aspect: 'error-ratio' })],
    traces: [
      dated({ entity: front, aspect: 'error-ratio' }),
      dated({ entity: orders, aspect: 'error-ratio' }),
      dated({ entity: orders, aspect: 'own-error' }),
    ],
    changes: [change],
    effects: { [change.id]: [shift({ entity: orders, aspect: 'own-error' })] },
  });
  const [first, ...others] = synthesis.timeline;
  expect(synthesis.causes[0]?.changeId).toBe(change.id);
  expect(first?.at).toBe(onsetAt);
  expect(first?.text).toContain('is made');
  const deviations = others.filter(({ text }) => text.includes(' deviates'));
  expect(deviations.map(({ text }) => text.split(' ')[0])).toEqual(
    expect.arrayContaining(['front', 'orders']),
  );
  expect(deviations.every(({ at }) => at > onsetAt)).toBe(true);
});

test('of many changes the one that did it, both ends and those nearest to the onset stay', async () => {
  const change = deploy('orders', 0);
  const early = Array.from({ length: 20 }, (_unused, index) =>
    deploy(`early-${index}`, 290 - index),
  );
  const late = Array.from({ length: 20 }, (_unused, index) => deploy(`late-${index}`, -60 - index));
  const { synthesis } = await investigate({
    felt: [dated({ entity: front, aspect: 'error-ratio' })],
    traces: [
      dated({ entity: front, aspect: 'error-ratio' }),
      dated({ entity: orders, aspect: 'error-ratio' }),
      dated({ entity: orders, aspect: 'own-error' }),
    ],
    changes: [...early, change, ...late],
    effects: { [change.id]: [shift({ entity: orders, aspect: 'own-error' })] },
  });
  expect(synthesis.causes[0]?.changeId).toBe(change.id);
  const made = synthesis.timeline.filter(({ text }) => text.includes('is made'));
  const instants = made.map(({ at }) => at);
  expect(made).toHaveLength(12);
  expect(instants).toEqual(
    expect.arrayContaining([change.at, onsetAt - 290_000, onsetAt - 271_000, onsetAt + 79_000]),
  );
  expect(synthesis.timeline.length).toBeLessThanOrEqual(24);
  expect(synthesis.timeline.some(({ text }) => text.startsWith('Noticed'))).toBe(true);
});
