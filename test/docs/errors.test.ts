import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { errorPolicy, errorRegistry, isErrorCode } from '../../core/errors.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
);

describe('docs/errors.md', () => {
  test('has a heading for every code, and none for a code that does not exist', () => {
    expect([...sections.keys()]).toEqual(Object.keys(errorRegistry));
  });

  test('says of each code what follows from it, and gives the advice of the registry', () => {
    for (const [code, section] of sections) {
      if (!isErrorCode(code)) throw new Error(`${code} is not in the registry`);
      const { status, exitCode, retry, advice } = errorPolicy(code);
      const again = retry ? 'tried again in activities' : 'never tried again';
      expect(section).toContain(`HTTP ${status} · exit ${exitCode} · ${again}\n`);
      expect(section.trimEnd()).toMatch(/\nWhat to do: [^\n]+$/);
      expect(section).toContain(`What to do: ${advice}`);
    }
  });
});
