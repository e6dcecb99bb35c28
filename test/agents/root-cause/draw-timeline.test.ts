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
