import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readOpenSlo } from '../../../integrations/openslo/read-openslo.ts';
import { openTestFolder } from '../../support/test-folder.ts';

const folder = openTestFolder('openslo');
afterAll(() => folder.remove());

const published = join(
  import.meta.dirname,
  '../../../../shared/data/slo-samples/openslo/budgeting-method',
);

describe('readOpenSlo', () => {
  test('refuses a file that is not there, or too long, by name', async () => {
    const dir = folder.open();
    const missing = join(dir, 'missing.yaml');
    await expect(readOpenSlo(missing)).rejects.toMatchObject({
      code: 'invalid.slo',
      message: expect.stringContaining(`${missing}: cannot be read`),
    });
    const long = join(dir, 'long.yaml');
    writeFileSync(long, '#'.repeat(300_000));
    await expect(readOpenSlo(long)).rejects.toMatchObject({
      code: 'invalid.slo',
      message: expect.stringContaining(`${long}: is longer than`),
    });
  });

  // Where the published samples are at hand: each says what it would take to read it, none is half read.
  (existsSync(published) ? test : test.skip)(
    `refuses published samples of other sources, naming the field${existsSync(published) ? '' : ': none at hand'}`,
    async () => {
      for (const name of readdirSync(published)) {
        await expect(readOpenSlo(join(published, name))).rejects.toMatchObject({
          code: 'invalid.slo',
          message: expect.stringMatching(/[.]yaml:\d+: (spec|metadata)[.]/),
        });
      }
    },
  );
});
