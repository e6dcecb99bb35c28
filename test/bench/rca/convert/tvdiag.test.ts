import { expect, test } from '@jest/globals';
import { alertRows, callRows } from '../../../../bench/rca/convert/tvdiag.ts';

test('an event is an alert of its instance, one about a call of who was called', () => {
  const raw = {
    metrics: {
      7: [
        ['cart-0', '10.0.0.4', 'cpu', 'up'],
        ['host-a', 'load', 'down'],
      ],
    },
    traces: {
      7: [
        ['shop-0', 'cart-0', 'GET /cart', 'PD'],
        ['shop-0', 'db-0', 'read', '500'],
      ],
    },
    logs: { 7: [['cart-0', '34']] },
    ...{ edges: {}, nodes: {} },
  };
  const cart = { entity: 'cart-0', entity_kind: 'instance' };
  expect(alertRows(raw, '7', new Set(['shop-0', 'cart-0', 'db-0']))).toEqual([
    { name: 'cpu', metric: 'cpu', direction: 'up', ...cart },
    { name: 'load', metric: 'load', direction: 'down', entity: 'host-a', entity_kind: 'node' },
    { name: 'slow call', message: 'GET /cart', caller: 'shop-0', ...cart },
    {
      ...{ name: 'call ended with 500', message: 'read', caller: 'shop-0' },
      ...{ entity: 'db-0', entity_kind: 'instance' },
    },
    { name: 'log template 34', ...cart },
  ]);
});

test('a call is told once, and none within an instance', () => {
  const call = { from: 'a', to: 'b', from_kind: 'instance', to_kind: 'instance' };
  const edges = [
    [0, 1],
    [0, 1],
    [1, 1],
    [0, 9],
  ] as const;
  expect(callRows(edges, ['a', 'b'])).toEqual([call]);
});
