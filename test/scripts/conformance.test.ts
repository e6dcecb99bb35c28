import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openTestFolder } from '../support/test-folder.ts';

const project = join(import.meta.dirname, '../..');
const rows = [
  { id: 'OS-01', design: 'OS', priority: 'must' },
  { id: 'OS-02', design: 'OS', priority: 'fix' },
  { id: 'OS-03', design: 'OS', priority: 'could' },
  { id: 'AS-126', design: 'AS', priority: 'must' },
];

const folder = openTestFolder('conformance');
let root = '';
beforeEach(() => {
  root = folder.open();
  write('conformance.json', JSON.stringify(rows));
  write('docs/conformance.md', '');
});
afterEach(() => folder.remove());

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function writeResults(results: Readonly<Record<string, 'passed' | 'failed' | 'pending'>>): void {
  const assertionResults = Object.entries(results).map(([title, status]) => ({ title, status }));
  const testResults = [{ name: join(root, 'test/a.test.ts'), assertionResults }];
  write('.holdfast/test-results.json', JSON.stringify({ testResults }));
}

function conformance(...args: readonly string[]) {
  const script = join(project, 'scripts/conformance.ts');
  const tsx = join(project, 'node_modules/tsx/dist/cli.mjs');
  return spawnSync(process.execPath, [tsx, script, ...args], { cwd: root, encoding: 'utf8' });
}

describe('npm run conformance', () => {
  test('AS-126 counts, a design, the must and fix rows with a test that passed and none that failed', () => {
    write(
      'test/a.test.ts',
      `test('OS-01 OS-02 holds', () => {});
       test('OS-02 holds elsewhere', () => {});
       test('OS-03 is not counted', () => {});
       test.each([1])('AS-126 holds for %i', () => {});`,
    );
    writeResults({
      'OS-01 OS-02 holds': 'passed',
      'OS-02 holds elsewhere': 'failed',
      'OS-03 is not counted': 'passed',
      'AS-126 holds for 1': 'passed',
    });
    const { status, stdout } = conformance();
    expect(stdout).toContain('OS  1/2\n');
    expect(stdout).toContain('AS  1/1\n');
    expect(status).toBe(0);
  });

  test('AS-126 a skipped test counts for nothing, and neither does a title that nobody ran', () => {
    write('test/a.test.ts', `test('OS-01 holds', () => {}); test.skip('OS-02 holds', () => {});`);
    writeResults({ 'OS-02 holds': 'pending' });
    expect(conformance().stdout).toContain('OS  0/2\n');
  });

  test('AS-126 refuses a test that names an id not on the list, with file, title and id', () => {
    write('test/deep/b.test.ts', `describe('x', () => { test(\`OS-01 and RT-999 hold\`, f); });`);
    const { status, stderr } = conformance();
    expect(status).toBe(1);
    expect(stderr).toContain('test/deep/b.test.ts: "OS-01 and RT-999 hold" names RT-999');
    expect(stderr).not.toContain('OS-01,');
  });

  test('AS-126 refuses an unknown id that only a run has shown', () => {
    writeResults({ 'TA-7 put together at run time': 'passed' });
    write('test/a.test.ts', '');
    const { status, stderr } = conformance();
    expect(status).toBe(1);
    expect(stderr).toContain('names TA-7');
  });

  test('says that rows are only named where no results are at hand', () => {
    write('test/a.test.ts', `(process.env.CI ? test : test.skip)('OS-01 holds', () => {});`);
    const { status, stdout } = conformance();
    expect(status).toBe(0);
    expect(stdout).toContain('OS  1/2 named by a test');
    expect(stdout).toContain('`npm test` leaves them');
  });

  test('writes the page from the titles, without the ids and in the order of the list', () => {
    write(
      'test/a.test.ts',
      `test('OS-02 AS-126 keeps a | in <words>', () => {}); test('OS-01 comes first', () => {});`,
    );
    conformance();
    const page = readFileSync(join(root, 'docs/conformance.md'), 'utf8');
    const lines = page.split('\n').filter((line) => /^\| [A-Z]{2}-/.test(line));
    expect(lines).toEqual([
      '| OS-01 | comes first | `test/a.test.ts` |',
      String.raw`| OS-02 | keeps a \| in &lt;words> | ${'`test/a.test.ts`'} |`,
      String.raw`| AS-126 | keeps a \| in &lt;words> | ${'`test/a.test.ts`'} |`,
    ]);
  });
});
