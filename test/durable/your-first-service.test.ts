import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { reportSchema } from '../../core/schemas/report.ts';
import type { Report } from '../../core/schemas/report.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { freePort } from '../../scripts/stack/free-port.ts';
import { runHere } from '../cli/run-here.ts';
import { eventually, startLine } from '../support/line.ts';
import type { Line } from '../support/line.ts';
import { somePort } from '../support/some-port.ts';
import { sharedTemporal } from '../support/temporal.ts';
import { openTestFolder } from '../support/test-folder.ts';

/**
 * Does what docs/guides/your-first-service.md says: its application, its environment variables and its commands, with other ports, shorter waits and a client
 * of its own instead of curl.
 */
const guide = join(projectRoot(), 'docs', 'guides', 'your-first-service.md');
const folder = openTestFolder('first-service');
const children: ChildProcess[] = [];
const stop = new AbortController();
let line: Line;
let dir = '';
let ordersUrl = '';
let stockUrl = '';
let commands: readonly string[] = [];
let traffic: Promise<void> = Promise.resolve();
let calmAt = 0;

beforeAll(async () => {
  line = await startLine({ temporalAddress: sharedTemporal().address });
  const page = await readFile(guide, 'utf8');
  const app = /^```js shop\.js\n([^]*?)^```$/m.exec(page)?.[1] ?? '';
  commands = page.split('\n').filter((text) => text.startsWith('holdfast investigate'));
  dir = folder.open();
  await writeFile(join(dir, 'shop.js'), app);
  await symlink(join(projectRoot(), 'node_modules'), join(dir, 'node_modules'));
  stockUrl = await startService('stock', {});
  ordersUrl = await startService('orders', { STOCK_URL: stockUrl });
  traffic = sendOrders();
  calmAt = Date.now();
}, 300_000);

afterAll(async () => {
  stop.abort();
  await traffic;
  for (const child of children) child.kill('SIGKILL');
  await line?.stop();
  folder.remove();
}, 240_000);

/** Starts the application as the guide does, and gives where it listens. */
async function startService(name: string, env: Readonly<Record<string, string>>): Promise<string> {
  const port = await freePort(somePort());
  const child = spawn(process.execPath, ['shop.js'], {
    cwd: dir,
    env: {
      PATH: process.env['PATH'],
      ...{ OTEL_SERVICE_NAME: name, OTEL_EXPORTER_OTLP_ENDPOINT: line.url },
      NODE_OPTIONS: '--require @opentelemetry/auto-instrumentations-node/register',
      PORT: String(port),
      ...env,
    },
    stdio: 'ignore',
  });
  children.push(child);
  const url = `http://127.0.0.1:${port}`;
  await eventually(`${name} listening`, 90_000, async () => (await fetch(`${url}/stock/1`)).ok);
  return url;
}

async function sendOrders(): Promise<void> {
  while (!stop.signal.aborted) {
    await fetch(`${ordersUrl}/orders/1`).then(
      (response) => response.arrayBuffer(),
      () => undefined, // It is broken on purpose.
    );
    await pause(50, undefined, { signal: stop.signal }).catch(() => undefined);
  }
}

/** Lets the application run for a while as it is. */
async function goOn(seconds: number): Promise<void> {
  await pause(seconds * 1_000);
}

/** Runs one of the guide's commands; `--json` gives the report. */
async function runCommand(command: string, since: string): Promise<Report> {
  const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare);
  const args = words.slice(1).map((word, index) => (words[index] === '--since' ? since : word));
  const env = { HOLDFAST_URL: line.url, HOLDFAST_STATE_DIR: line.stateDir };
  const { stdout, stderr } = await runHere([...args.map(String), '--json'], env);
  try {
    return reportSchema.parse(JSON.parse(stdout));
  } catch (error) {
    throw new Error(`no report: ${stderr}`, { cause: error });
  }
}

const breakIt = (url: string, what: string) => fetch(`${url}/break/${what}`, { method: 'POST' });

describe('docs/guides/your-first-service.md', () => {
  test('an application that throws is diagnosed', async () => {
    await goOn(15);
    await breakIt(ordersUrl, 'orders');
    await goOn(8);
    const report = await runCommand(commands[0] ?? '', '30m');
    await breakIt(ordersUrl, 'nothing');
    calmAt = Date.now();
    expect(report).toMatchObject({ verdict: 'cause-found' });
    expect(report.causes[0]).toMatchObject({
      entity: { kind: 'service', name: 'orders' },
      faultKind: 'code-defect',
    });
  }, 240_000);

  test('an application that waits on a slow call is diagnosed', async () => {
    await goOn(15);
    await breakIt(stockUrl, 'stock');
    await goOn(8);
    // As far back as it was well again, however long that has been.
    const since = `${Math.floor((Date.now() - calmAt) / 1_000)}s`;
    const report = await runCommand(commands[1] ?? '', since);
    expect(report).toMatchObject({ verdict: 'cause-found' });
    expect(report.causes[0]).toMatchObject({ entity: { kind: 'service', name: 'stock' } });
  }, 240_000);

  test('a change that somebody tells is in what was received, and can be exported', async () => {
    const page = await readFile(guide, 'utf8');
    const [, told = ''] = /-d '([^]*?\]\}\]\}\]\}\]\})'\n/.exec(page) ?? [];
    const body = told.replace("'$(date +%s%N)'", `${Date.now()}000000`);
    const sent = await fetch(`${line.url}/v1/logs`, {
      ...{ method: 'POST', body, headers: { 'content-type': 'application/json' } },
    });
    expect({ status: sent.status, body: await sent.json() }).toEqual({ status: 200, body: {} });
    const out = join(dir, 'exported');
    const env = { HOLDFAST_URL: line.url, HOLDFAST_STATE_DIR: line.stateDir };
    const { code } = await runHere(['case', 'export', '--since', '5m', '--out', out], env);
    expect(code).toBe(0);
    const changes = gunzipSync(await readFile(join(out, 'changes.jsonl.gz'))).toString();
    expect(JSON.parse(changes)).toMatchObject({
      ...{ id: 'cfg-17', kind: 'config', service: 'orders', title: 'Cache prices for an hour' },
    });
  }, 240_000);
});
