import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Score } from '../../core/score/score-cases.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { runHere } from '../cli/run-here.ts';
import type { CliRun } from '../cli/run-cli.ts';
import { caseOf } from '../support/incidents.ts';
import { incidentsDir, startLine } from '../support/line.ts';
import type { Line } from '../support/line.ts';
import { sharedTemporal } from '../support/temporal.ts';
import { openTestFolder } from '../support/test-folder.ts';

/**
 * Does what docs/guides/score-your-past-incidents.md says, in its order and in a folder of its own; of the bundled incidents it takes three.
 */
const guide = join(projectRoot(), 'docs', 'guides', 'score-your-past-incidents.md');
const folder = openTestFolder('score');
let line: Line;
let dir = '';
let page = '';

beforeAll(async () => {
  line = await startLine({ temporalAddress: sharedTemporal().address });
  dir = folder.open();
  page = await readFile(guide, 'utf8');
  for (const [, path = '', text = ''] of page.matchAll(/^```\w+ (\S+\.\w+)\n([^]*?)^```$/gm)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  for (const name of [...['bad-deploy', 'slow-dependency', 'healthy'].map(caseOf), 'truth.csv']) {
    const place = join('examples', 'incidents', name);
    await cp(join(incidentsDir, name), join(dir, place), { recursive: true });
  }
}, 240_000);

afterAll(async () => {
  await line?.stop();
  folder.remove();
}, 240_000);

/** Runs the one command of the guide in which every word stands, its files in our folder and `more` at its end. */
async function runCommand(words: readonly string[], ...more: readonly string[]): Promise<CliRun> {
  const commands = page
    .split('\n')
    .filter((text) => text.startsWith('holdfast ') && words.every((word) => text.includes(word)));
  expect(commands).toHaveLength(1);
  const [command = '', out] = (commands[0] ?? '').split(' > ');
  const [, name = '', ...rest] = command.split(' ');
  // What is no option and no number is a file or a folder.
  const args = rest.map((word) => (/^[a-z]/.test(word) ? join(dir, word) : word));
  const env = { HOLDFAST_URL: line.url, HOLDFAST_STATE_DIR: line.stateDir };
  const run = await runHere([name, ...args, ...more], env);
  if (out !== undefined) await writeFile(join(dir, out), run.stdout);
  return run;
}

/** The lines of a block of the guide, without their spacing and with any time. */
function linesOf(text: string): readonly string[] {
  return text.split('\n').map((one) =>
    one
      .trim()
      .replaceAll(/ +/g, ' ')
      .replaceAll(/\d+\.\d s/g, 'N s'),
  );
}

function expectShown(name: string, stdout: string): void {
  const [, block = ''] = new RegExp(`^\`\`\`text ${name}\n([^]*?)^\`\`\`$`, 'm').exec(page) ?? [];
  const wanted = linesOf(block).filter((one) => one !== '');
  expect(wanted.length).toBeGreaterThan(2);
  expect(linesOf(stdout)).toEqual(expect.arrayContaining([...wanted]));
}

describe('docs/guides/score-your-past-incidents.md', () => {
  test('answers are kept, and scored as the page shows', async () => {
    const kept = await runCommand(['investigate', 'reports.jsonl']);
    expect(kept.code).toBe(0);
    const { code, stdout } = await runCommand(['--reports', '--lines']);
    expect(code).toBe(0);
    expectShown('output', stdout);
    expect(stdout).toMatch(/^memory +\d{2,4} MB at most, of the worker$/m);
  }, 240_000);

  test('OS-99 the miss is copied as a case, with why it is one', async () => {
    expect((await runCommand(['--export-misses'])).code).toBe(0);
    const exported = await readdir(join(dir, 'misses'));
    expect(exported.toSorted()).toEqual(['mail-delay', 'misses.jsonl', 'truth.csv']);
    const told = JSON.parse(await readFile(join(dir, 'misses', 'misses.jsonl'), 'utf8')) as unknown;
    expect(told).toMatchObject({
      ...{ case: 'mail-delay', kind: 'retrieval', cause: { entity: { name: 'mailer' } } },
    });
    const check = await runHere(['case', 'check', join(dir, 'misses', 'mail-delay')], {});
    expect(check.stdout).toContain('mail-delay can be read');
  });

  test('a version is held against the one before, case by case', async () => {
    await runCommand(['score.json', '--json']);
    const { code, stdout } = await runCommand(['--against', 'score.json']);
    expect(code).toBe(0);
    expectShown('comparison', stdout);
  }, 240_000);

  test('AU-97 the bundled incidents keep what we hold ourselves to, in repeats and with evidence looked up', async () => {
    const { code, stdout, stderr } = await runCommand(['examples/incidents', '--floor'], '--json');
    const score = JSON.parse(stdout) as Score;
    expect({ code, wrong: score.cases.filter(({ isRight }) => !isRight) }).toEqual({
      ...{ code: 0, wrong: [] },
    });
    expect(stderr).not.toContain('below');
    expect(score).toMatchObject({
      ...{ isEvidenceChecked: true, unsupportedClaims: 0, unapprovedEffects: 0 },
      repeats: { runs: 2, sameAnswer: { ratio: 1, n: 3 }, rightInAll: { ratio: 1 } },
      summary: { right: { ratio: 1, n: 3 }, onset: { inside: { ratio: 1, n: 2 } } },
    });
    expect(score.summary.peakMemoryBytes).toBeGreaterThan(50_000_000);
  }, 240_000);

  test('another program is scored by what it wrote', async () => {
    const { code, stdout } = await runCommand(['answer.jsonl']);
    expect(code).toBe(0);
    expect(stdout).toContain('not counted, for want of an answer: 2');
    expect(stdout).toMatch(/^strictly right +100\.0 % /m);
  });
});
