import { writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { actionSchema, type Action } from '../../core/schemas/action.ts';
import { reportSchema, type Report } from '../../core/schemas/report.ts';
import { startShopServices } from '../../scripts/demo/shop-services.ts';
import { isAlive } from '../../scripts/lock.js';
import { runCommand } from '../../scripts/run-command.ts';
import { readStackState } from '../../scripts/stack/stack-state.ts';
import {
  buildProduct,
  createStateDir,
  startBuilt,
  type BuiltProcess,
} from '../support/built-product.ts';
import { caseOf } from '../support/incidents.ts';
import { incidentsDir } from '../support/line.ts';
import { sharedTemporal } from '../support/temporal.ts';
import { waitUntil } from '../support/wait-until.ts';

jest.setTimeout(300_000);

let folder: Awaited<ReturnType<typeof createStateDir>> | null = null;
beforeAll(async () => {
  await buildProduct();
  folder = await createStateDir();
}, 900_000);
afterAll(() => folder?.remove());

const inTimeMs = 120_000;
const badDeploy = join(incidentsDir, caseOf('bad-deploy'));

function stateDir(): string {
  return folder?.path ?? '';
}

/** Runs one command where no API answers, so that it needs a local stack. */
function holdfast(...args: readonly string[]): BuiltProcess {
  return startBuilt('cli/main', args, {
    HOLDFAST_STATE_DIR: stateDir(),
    HOLDFAST_URL: 'http://127.0.0.1:9',
  });
}

async function result(command: BuiltProcess): Promise<{ code: number | null; stdout: string }> {
  const code = await command.ended;
  if (code !== 0) throw new Error(`exit ${code}: ${command.output.stderr}`);
  return { code, stdout: command.output.stdout };
}

function runningParts(): readonly string[] {
  const state = readStackState(stateDir());
  return state === null ? [] : [state.keeper, ...Object.values(state.parts)].filter(isAlive);
}

test('commands run at once share one local stack, print their reports, and leave nothing running', async () => {
  const red = join(incidentsDir, caseOf('red-herring'));
  const commands = [badDeploy, red].map((dir) => holdfast('investigate', '--case', dir, '--json'));
  const reports: readonly Report[] = (await Promise.all(commands.map(result))).map(({ stdout }) =>
    reportSchema.parse(JSON.parse(stdout)),
  );
  expect(reports.map(({ status, verdict }) => [status, verdict])).toEqual([
    ['completed', 'cause-found'],
    ['completed', 'cause-found'],
  ]);
  const started = commands.filter(({ output }) =>
    output.stderr.includes('starting the local stack'),
  );
  expect(started).toHaveLength(1);
  expect(runningParts()).toEqual([]);
}, 240_000);

test('a command that is killed leaves nothing running, and its investigation goes on with the next', async () => {
  const killed = holdfast('investigate', '--case', badDeploy, '--wait');
  await waitUntil('it is under way', () => /scope/i.test(killed.output.stderr), inTimeMs);
  const [, id = ''] = /(inv-[0-9a-z-]+)/.exec(killed.output.stderr) ?? [];
  const marks = runningParts();
  expect(marks.length).toBeGreaterThan(4);
  killed.child.kill('SIGKILL');
  await waitUntil('nothing is left running', () => !marks.some(isAlive), inTimeMs);

  const watched = await result(holdfast('watch', id));
  expect(watched.stdout).toMatch(/^cause-found: /);
}, 240_000);

test('a person who presses Ctrl-C gets exit code 130, and nothing is left running', async () => {
  const command = holdfast('investigate', '--case', badDeploy, '--wait');
  await waitUntil('it is under way', () => /scope/i.test(command.output.stderr), inTimeMs);
  const marks = runningParts();
  command.child.kill('SIGINT');
  expect(await command.ended).toBe(130);
  expect(marks.filter(isAlive)).toEqual([]);
});

test('the command that --print-signal prints approves the write, once', async () => {
  const shop = await startShopServices(badDeploy, stateDir());
  const registry = JSON.stringify({ services: shop.services });
  writeFileSync(join(stateDir(), 'services.json'), registry, { mode: 0o600 });
  const holder = startBuilt('scripts/hold-stack', [stateDir()]);
  try {
    expect(await holder.nextLine()).toContain('starting');
    expect(await holder.nextLine()).toContain('ready');
    const { stdout } = await result(holdfast('investigate', '--case', badDeploy, '--json'));
    const { investigationId, actions } = reportSchema.parse(JSON.parse(stdout));
    const [action] = actions;
    expect(action).toMatchObject({ state: 'proposed' });

    const printed = await result(
      holdfast('approve', investigationId, '--print-signal', '--reason', "it's the deploy"),
    );
    const path = [dirname(sharedTemporal().binary), process.env['PATH']].join(delimiter);
    const signalled = await runCommand('/bin/sh', ['-c', printed.stdout], {
      timeoutMs: 30_000,
      env: { PATH: path },
    });
    expect(signalled).toMatchObject({ code: 0 });

    const api = readStackState(stateDir())?.apiUrl ?? '';
    const look = async (): Promise<Action> => {
      const answer = await fetch(`${api}/api/v1/actions/${action?.actionId}`);
      return actionSchema.parse(await answer.json());
    };
    const isApplied = async (): Promise<boolean> => (await look()).state === 'applied';
    await waitUntil('the write is applied', isApplied, inTimeMs);
    expect((await look()).decisions).toEqual([
      expect.objectContaining({ accepted: true, decision: 'approve', reason: "it's the deploy" }),
    ]);
    const again = holdfast('approve', investigationId);
    expect(await again.ended).toBe(4);
    expect(again.output.stderr).toContain('conflict.decided');
  } finally {
    holder.child.stdin?.end();
    await holder.ended;
    await shop.stop();
  }
}, 240_000);
