import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { checkResults } from '../../bench/check-results.ts';
import { openTestFolder } from '../support/test-folder.ts';

const project = join(import.meta.dirname, '../..');
const results = readFileSync(join(project, 'docs/results.md'), 'utf8');
const readme = readFileSync(join(project, 'README.md'), 'utf8');
const folder = openTestFolder('results');
afterAll(() => folder.remove());

/** Runs the check of the project on a tree with these pages. */
function check(pages: { readonly results: string; readonly readme: string }) {
  const root = folder.open();
  mkdirSync(join(root, 'docs'));
  writeFileSync(join(root, 'docs/results.md'), pages.results);
  writeFileSync(join(root, 'README.md'), pages.readme);
  const tsx = join(project, 'node_modules/tsx/dist/cli.mjs');
  const script = join(project, 'scripts/check-results.ts');
  return spawnSync(process.execPath, [tsx, script], { cwd: root, encoding: 'utf8' });
}

/** Every row of a gate in the pages, for each to be broken once. */
const gateRows = results
  .split('\n')
  .filter((line) => / \| [≥≤<] /.test(line) && / \| (yes|no|–)/.test(line));

describe('npm run results', () => {
  test('OS-98 lets through what is published: every number beside its target, and the command that makes it', () => {
    expect(check({ results, readme })).toMatchObject({ status: 0, stderr: '' });
    expect(gateRows).toHaveLength(26);
  });

  test('OS-98 refuses a tree whose results lack a target, have another one, or call a miss a success', () => {
    const row = '| the 104 together: strictly right |';
    const line = gateRows.find((one) => one.startsWith(row)) ?? '';
    const without = check({ results: results.replace(`${line}\n`, ''), readme });
    expect(without.status).toBe(1);
    expect(without.stderr).toContain('rca does not say “the 104 together: strictly right”');
    const lowered = results.replace(line, line.replace('≥ 0.55', '≥ 0.45'));
    expect(check({ results: lowered, readme }).stderr).toContain('strictly right”: its gate is');
    const missed = line.replace(/\| 0\.\d+ \|/, '| 0.412 |');
    const belied = check({ results: results.replace(line, missed), readme });
    expect(belied.status).toBe(1);
    expect(belied.stderr).toContain('0.412 is told as held: yes');
  });

  test('OS-98 refuses results that do not name their command, or tell accuracy without abstention', () => {
    const unnamed = results.replace('## `npm run bench -- rca`', '## Root causes');
    expect(checkResults({ results: unnamed, readme })).toEqual([
      'the section rca does not begin with the command that writes it',
    ]);
    const silent = results.replace(' | abstained | wrong of those stated |', ' | – | – |');
    expect(checkResults({ results: silent, readme })).toEqual([
      'rca does not tell accuracy beside abstention',
    ]);
  });

  test('every row that is left out is missed', () => {
    for (const row of gateRows) {
      const complaints = checkResults({ results: results.replace(`${row}\n`, ''), readme });
      expect([row, complaints.length > 0]).toEqual([row, true]);
    }
  });

  test('the figures of the README are those of the results', () => {
    const told = /is right in [\d.]+ %/.exec(readme)?.[0] ?? '';
    expect(told).not.toBe('');
    const other = check({ results, readme: readme.replace(told, 'is right in 99.9 %') });
    expect(other.status).toBe(1);
    expect(other.stderr).toMatch(/README\.md should say “the first of its ranking is right in \d/);
    const wrong = readme.replace(/(\d+) are\s+wrong/, '1 are wrong');
    expect(checkResults({ results, readme: wrong })).toHaveLength(1);
    const moved = results.replace(/All (\d+) together/, 'All 105 together');
    expect(checkResults({ results: moved, readme })).toEqual([
      'README.md should say “On 105 published incidents of others”',
    ]);
  });
});
