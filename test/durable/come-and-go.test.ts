import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { progressEventSchema } from '../../core/schemas/progress.ts';
import { reportSchema } from '../../core/schemas/report.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { runHere } from '../cli/run-here.ts';
import { builtFile, bundleFile } from '../support/built-product.ts';
import { caseOf } from '../support/incidents.ts';
import { eventsOf, investigate, reportOf, startLine } from '../support/line.ts';
import type { Line } from '../support/line.ts';
import { sharedTemporal } from '../support/temporal.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Who starts, watches or carries an investigation may go at any time; it goes on. The whole product as processes. */
let line: Line;

beforeAll(async () => {
  line = await startLine({ temporalAddress: sharedTemporal().address });
}, 240_000);

afterAll(async () => {
  await line?.stop();
}, 240_000);

/** Starts an investigation with a command that waits for its report; gives the id as soon as the command has said it, and the command itself. */
async function investigateAndWait() {
  const args = [builtFile('cli/main'), 'investigate', '--wait'];
  const command = spawn(process.execPath, [...args, '--case', caseOf('bad-deploy')], {
    cwd: projectRoot(),
    env: { PATH: process.env['PATH'], HOLDFAST_URL: line.url, HOLDFAST_STATE_DIR: line.stateDir },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => command.once('close', () => resolve()));
  let said = '';
  command.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await waitUntil('the command to say its id', () => /inv-[0-9a-z-]+/.test(said), 30_000);
  const id = /inv-[0-9a-z-]+/.exec(said)?.[0] ?? '';
  return { id, command, ended };
}

test('RT-91 a worker that waits for Temporal ends when it is told to', async () => {
  const waiting = spawn(process.execPath, [builtFile('worker')], {
    cwd: projectRoot(),
    env: {
      ...{ PATH: process.env['PATH'], HOLDFAST_STATE_DIR: line.stateDir },
      ...{ DATABASE_URL: line.databaseUrl, TEMPORAL_ADDRESS: '127.0.0.1:9' },
      HOLDFAST_WORKFLOW_BUNDLE: bundleFile,
      HOLDFAST_GRANT_PUBLIC_KEY_FILE: join(line.stateDir, 'grant-public.pem'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => waiting.once('close', resolve));
  let said = '';
  for (const output of [waiting.stdout, waiting.stderr]) {
    output.on('data', (chunk: Buffer) => (said += chunk.toString()));
  }
  try {
    await waitUntil('it to wait', () => said.includes('waiting for Temporal'));
    waiting.kill('SIGTERM');
    expect(await ended).toBe(0);
  } finally {
    waiting.kill('SIGKILL');
  }
});

describe('an investigation', () => {
  test('RT-91 outlives workers that are told to stop: each ends within 30 s, and what it has not done goes on elsewhere', async () => {
    const id = await investigate(line, { case: caseOf('bad-deploy') });
    const seen: number[] = [];
    for (let times = 0; times < 2; times += 1) {
      const before = (await eventsOf(line, id)).length;
      const isFurther = async () => (await eventsOf(line, id)).length > before;
      await waitUntil('some progress', isFurther, 60_000);
      const toldAt = performance.now();
      await line.worker()?.renew();
      seen.push(performance.now() - toldAt);
    }
    expect(Math.max(...seen)).toBeLessThan(30_000);
    const report = await reportOf(line, id);
    expect(report).toMatchObject({ status: 'completed', verdict: 'cause-found' });
    const ended = (await eventsOf(line, id)).filter(({ type }) => type === 'ended');
    expect(new Set(ended.map(({ stepKey }) => stepKey)).size).toBe(ended.length);
  }, 240_000);

  test('OS-75 outlives the command that started it, and watch and show come back to it', async () => {
    await line.worker()?.stop();
    const { id, command, ended } = await investigateAndWait();
    command.kill('SIGKILL');
    await ended;
    expect((await eventsOf(line, id)).some(({ type }) => type === 'finished')).toBe(false);
    await line.startWorker();
    const env = { HOLDFAST_URL: line.url, HOLDFAST_STATE_DIR: line.stateDir };
    const watched = await runHere(['watch', id, '--json'], env);
    expect(watched.code).toBe(0);
    const lines = watched.stdout.trim().split('\n');
    const events = lines.map((one) => progressEventSchema.parse(JSON.parse(one)));
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)?.type).toBe('finished');
    const shown = await runHere(['show', id, '--json'], env);
    expect(reportSchema.parse(JSON.parse(shown.stdout))).toMatchObject({
      ...{ investigationId: id, status: 'completed', verdict: 'cause-found' },
    });
    const listed = await runHere(['list', '--status', 'completed', '--json'], env);
    expect(listed.stdout).toContain(id);
  }, 240_000);
});
