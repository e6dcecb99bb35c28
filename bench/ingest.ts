import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openCase } from '../integrations/duckdb/open-case.ts';
import { createSnapshots } from '../integrations/otlp/snapshots.ts';
import { projectRoot } from '../scripts/project-root.ts';
import { openTestFolder } from '../test/support/test-folder.ts';
import { median, printFigure } from './ground.ts';
import { itemsPerBatch, logBatch, spanBatch } from './ingest/batches.ts';
import { drive } from './ingest/drive.ts';
import type { ServerFigures } from './ingest/server.ts';

const forMs = 10_000;
const warmUpMs = 3_000;
const connections = 8;
const tenMinutesMs = 600_000;
/** Of load while somebody looks: some 5,000 spans a second. */
const batchesPerSecond = 10;
/** Some 60,000 spans, as of 100 a second. */
const fillMs = 2_000;
const lookMs = 20_000;
const looks = 5;

/** Telemetry taken in: how much a core sustains, next to writing the same bytes, and what a look at the last ten minutes costs meanwhile. */
export async function ingest(): Promise<boolean> {
  const spans = await withServer((at) =>
    measure('spans', { ...at, kind: 'traces', batchOf: spanBatch }),
  );
  const logs = await withServer((at) =>
    measure('log records', { ...at, kind: 'logs', batchOf: logBatch }),
  );
  const isSeen = await withServer(lookMeanwhile);
  return spans && logs && isSeen;
}

/** Lets `work` send to a server of its own, and clears up afterwards. */
async function withServer<Result>(work: (at: At) => Promise<Result>): Promise<Result> {
  const folder = openTestFolder('ingest');
  const dir = folder.open();
  const telemetryDir = join(dir, 'telemetry');
  const server = fork(join(projectRoot(), 'bench', 'ingest', 'server.ts'), [telemetryDir], {
    execArgv: ['--import', 'tsx'],
  });
  try {
    const [{ port }] = (await once(server, 'message')) as [AddressInfo];
    return await work({ server, port, dir, telemetryDir });
  } finally {
    const ended = once(server, 'exit');
    if (server.kill()) await ended;
    folder.remove();
  }
}

interface At {
  readonly server: ChildProcess;
  readonly port: number;
  readonly dir: string;
  readonly telemetryDir: string;
}

async function measure(
  what: string,
  of: At & { readonly kind: 'traces' | 'logs'; readonly batchOf: (number: number) => Buffer },
): Promise<boolean> {
  const { server, port, kind } = of;
  const batches = Array.from({ length: 64 }, (_, number) => of.batchOf(number));
  const load = { port, path: `/v1/${kind}`, batches, connections };
  await drive({ ...load, forMs: warmUpMs });
  await ask(server);
  const bytesBefore = (await keptIn(of.telemetryDir, kind)).length;
  const driven = await drive({ ...load, forMs });
  const { cpuMs, delayP99Ms, peakBytes } = await ask(server);
  const kept = (await keptIn(of.telemetryDir, kind)).subarray(bytesBefore);
  const items = (driven.batches - driven.refused) * itemsPerBatch;
  const perSecond = items / driven.seconds;
  const plain = await writePlainly(kept, join(of.telemetryDir, 'plain'));
  const megabytes = kept.length / driven.seconds / 1e6;
  printFigure(`${what} a second`, perSecond.toFixed(0));
  printFigure(`${what} a second of one core`, (items / (cpuMs / 1_000)).toFixed(0));
  printFigure(
    'kept, next to writing the same bytes and syncing',
    `${megabytes.toFixed(1)} of ${plain.toFixed(1)} MB/s, ratio ${(megabytes / plain).toFixed(3)}`,
  );
  printFigure(
    'event-loop delay p99, memory at most',
    `${delayP99Ms.toFixed(0)} ms, ${(peakBytes / 1e6).toFixed(0)} MB`,
  );
  printFigure('requests refused', String(driven.refused));
  return driven.refused === 0 && items > 0;
}

/** Reads the last ten minutes again and again while more comes. */
async function lookMeanwhile({ server, port, dir, telemetryDir }: At): Promise<boolean> {
  const batches = Array.from({ length: 64 }, (_, number) => spanBatch(number));
  const load = { port, path: '/v1/traces', batches, perSecond: batchesPerSecond };
  await drive({ ...load, connections, forMs: fillMs, perSecond: Infinity });
  await ask(server);
  const [seconds, { refused }] = await Promise.all([
    look(dir, telemetryDir),
    drive({ ...load, connections: 2, forMs: lookMs }),
  ]);
  const { delayP99Ms } = await ask(server);
  const megabytes = (await keptIn(telemetryDir, 'traces')).length / 1e6;
  printFigure(
    'look at the last 10 minutes meanwhile, median',
    `${median(seconds).toFixed(1)} s of ${megabytes.toFixed(0)} MB`,
  );
  printFigure('event-loop delay p99 of the intake meanwhile', `${delayP99Ms.toFixed(0)} ms`);
  return refused === 0;
}

/** Takes a snapshot of the last ten minutes, opens it and reads spans, some times over. Gives how long each took, in seconds. */
async function look(dir: string, telemetryFolder: string): Promise<readonly number[]> {
  const snapshots = createSnapshots({
    ...{ folder: join(dir, 'snapshots'), telemetryFolder },
    limits: { maxAgeMs: tenMinutesMs, maxBytes: 4e9 },
    findChanges: () => Promise.resolve([]),
    now: () => Date.now(),
    newName: () => 'unfinished',
  });
  const alert = { title: 'look', severity: 'info' as const, labels: {} };
  const seconds: number[] = [];
  for (let count = 0; count < looks; count += 1) {
    const beganAt = performance.now();
    const window = { startAt: Date.now() - tenMinutesMs, endAt: Date.now() };
    const about = { name: 'look', alert, question: null, window };
    const taken = await snapshots.take(`look-${count}`, about);
    const opened = await openCase({ dir: taken.dir });
    const read = await opened.spans({ window, limit: 1_000 }, new AbortController().signal);
    await opened.close();
    if (read.rows.length === 0) throw new Error('nothing was seen of what is kept');
    seconds.push((performance.now() - beganAt) / 1_000);
  }
  return seconds;
}

async function ask(server: ChildProcess): Promise<ServerFigures> {
  server.send('figures');
  const [figures] = (await once(server, 'message')) as [ServerFigures];
  return figures;
}

/** All that is kept of one kind. */
async function keptIn(telemetryDir: string, kind: string): Promise<Buffer> {
  const folder = join(telemetryDir, kind);
  const names = (await readdir(folder)).toSorted((one, other) =>
    one.localeCompare(other, 'en', { numeric: true }),
  );
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))));
}

/** Writes the same lines with nothing around, and syncs after as many as requests came at a time. Gives MB/s. */
async function writePlainly(kept: Buffer, path: string): Promise<number> {
  const file = await open(path, 'w');
  const lines = kept.toString('utf8').split('\n');
  const groups = Array.from({ length: Math.ceil(lines.length / connections) }, (_, group) =>
    Buffer.from(lines.slice(group * connections, (group + 1) * connections).join('\n')),
  );
  const beganAt = performance.now();
  for (const group of groups) {
    await file.writeFile(group);
    await file.datasync();
  }
  const seconds = (performance.now() - beganAt) / 1_000;
  await file.close();
  await rm(path);
  return kept.length / seconds / 1e6;
}
