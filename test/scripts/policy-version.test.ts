import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { policyVersion } from '../../agents/policy-version.ts';
import { policyVersionOf } from '../../scripts/policy-version.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { openTestFolder } from '../support/test-folder.ts';

const folders = openTestFolder('policies');
afterAll(() => folders.remove());

const sources: Readonly<Record<string, string>> = {
  'agents/trace/policy.ts': 'export const threshold = 3;\n',
  'tools/traces/compare.ts': 'export const share = 0.5;\n',
  'core/analysis/quantiles.ts': 'export const middle = 0.5;\n',
};

function versionWith(changes: Readonly<Record<string, string>>): string {
  const root = folders.open();
  for (const [file, text] of Object.entries({ ...sources, ...changes })) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return policyVersionOf(root);
}

describe('the version of the embedded policies', () => {
  test.each(Object.keys(sources))('is another one when %s judges otherwise', (file) => {
    const changed = sources[file]?.replace(/[\d.]+;/, '7;') ?? '';
    expect(versionWith({ [file]: changed })).not.toBe(versionWith({}));
  });

  test('is the same when only words about it change, or what tells it', () => {
    const told = '/** Three. */\nexport  const threshold = 3; // as ever\n';
    const changes = { 'agents/trace/policy.ts': told, 'agents/policy-version.ts': 'export {};\n' };
    expect(versionWith(changes)).toBe(versionWith({}));
  });

  test('is that of the sources', () => {
    expect(policyVersion).toBe(policyVersionOf(projectRoot()));
  });
});
