import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { copyProject } from '../house/project-copy.ts';
import type { ProjectCopy } from '../house/project-copy.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/guides/add-a-tool.md'), 'utf8');
const blocks = [...page.matchAll(/^```(ts|diff) (\S+)\n([^]*?)^```$/gm)].map(
  ([, language = '', path = '', text = '']) => ({ language, path, text }),
);

let copy: ProjectCopy;
beforeAll(() => {
  copy = copyProject();
  for (const { language, path, text } of blocks) {
    copy.write(path, language === 'diff' ? patched(copy, path, text) : text);
  }
});
afterAll(() => copy.dispose());

/** Replaces the lines that begin with `-` by those that begin with `+`; they have to stand in the file. */
function patched(project: ProjectCopy, path: string, diff: string): string {
  const linesOf = (sign: string): string =>
    diff
      .split('\n')
      .filter((line) => line.startsWith(sign))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  const before = readFileSync(join(project.folder, path), 'utf8');
  expect(before).toContain(linesOf('-'));
  return before.replace(linesOf('-'), linesOf('+'));
}

describe('docs/guides/add-a-tool.md', () => {
  test('applied to a copy of the project it gives a tool that the catalogue has, whose test passes', () => {
    expect(blocks.map(({ path }) => path)).toEqual([
      'tools/changes/count-authors.ts',
      'agents/roster.ts',
      'test/tools/changes/count-authors.test.ts',
    ]);
    expect(copy.run('npm', ['run', '--silent', 'index'])).toMatchObject({ status: 0 });
    const catalogue = readFileSync(join(copy.folder, 'tools/catalogue.ts'), 'utf8');
    expect(catalogue).toContain("'count-authors': countAuthors,");
    const tests = copy.run('npm', ['run', '--silent', 'test:unit', '--', 'count-authors']);
    expect(tests.output).toMatch(/Tests: +1 passed, 1 total/);
  });

  test('and every gate that a tool could break stays green', () => {
    const paths = blocks.map(({ path }) => path);
    // What a tool's types can reach, and not the tree whole: `npm run check` does that.
    const reached = { extends: './tsconfig.json', include: ['tools', 'agents', 'test/tools'] };
    copy.write('tsconfig.tool.json', JSON.stringify(reached));
    const gates: readonly (readonly [string, ...string[]])[] = [
      ['tsc', '-p', 'tsconfig.tool.json'],
      ['oxlint', ...paths],
      ['depcruise', '--config', '.dependency-cruiser.js', 'tools', 'agents'],
      ['prettier', '--check', ...paths],
      ['knip'],
    ];
    for (const [program, ...args] of gates) {
      const { status, output } = copy.run(program, args);
      expect({ program, status, output }).toEqual({ program, status: 0, output });
    }
  }, 300_000);
});
