import { expect, test } from '@jest/globals';
import { coveredBy, readGraph } from '../../../../bench/rca/convert/petshop.ts';

test('the node of a row calls that of the column', () => {
  expect(readGraph(',shop,cart,db\nshop,0.0,1.0,0.0\ncart,0.0,0.0,1.0\ndb,0.0,0.0,0.0\n')).toEqual({
    nodes: ['shop', 'cart', 'db'],
    calls: [
      { from: 'shop', to: 'cart' },
      { from: 'cart', to: 'db' },
    ],
  });
});

test('rows cover five minutes each, below the rows of the header', () => {
  const text = 'microservice,shop\nmetric,latency\nunix_timestamp,\n1000.0,0.1\n1300.0,0.2\n';
  expect(coveredBy(text)).toEqual({ startAt: 1_000_000, endAt: 1_600_000 });
});
