import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { pageSizes } from '../../scripts/build-web.js';
import { projectRoot } from '../../scripts/project-root.ts';
import { buildProduct } from '../support/built-product.ts';

const mostBytes = 300_000;

test('the first page of the dashboard needs at most 300 KB, packed', async () => {
  await buildProduct();
  const { first } = pageSizes(join(projectRoot(), 'dist', 'web'));
  expect(first).toBeGreaterThan(50_000);
  expect(first).toBeLessThanOrEqual(mostBytes);
}, 300_000);
