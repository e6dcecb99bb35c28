import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Report } from '../core/schemas/report.ts';
import { projectRoot } from '../scripts/project-root.ts';
import { reportOf, startLine } from '../test/support/line.ts';
import type { Line } from '../test/support/line.ts';
import { liveSubject } from '../test/support/subject.ts';
import type { Subject } from '../test/support/subject.ts';
import { printFigure, withServers } from './ground.ts';
import { itemsPerBatch, spanBatch } from './ingest/batches.ts';
import { drive } from './ingest/drive.ts';
import type { Driven } from './ingest/drive.ts';

const atOnce = 20;
const withinMs = 1_800_000;
/** Some 100 spans a second of something else, besides those that are investigated. */
const batchesPerSecond = 0.2;

interface ProcessFigures {
  readonly program: 'api' | 'worker';
  readonly peakBytes: number;
  readonly delayP99Ms: number;
  readonly delayMostMs: number;
}

/** Many live investigations at once while telemetry comes in: whether all are answered, how long it takes, and what it costs API and worker. */
export function liveLoad(): Promise<boolean> {
  return withServers(async ({ databaseUrl, temporalAddress, folder }) => {
    const figuresDir = join(folder, 'figures');
    await mkdir(figuresDir);
    const watch = pathToFileURL(join(projectRoot(), 'bench', 'live-load', 'watch-process.js'));
    const line = await startLine({
      ...{ databaseUrl, temporalAddress },
      env: {
        NODE_OPTIONS: `--import ${watch.href}`,
        BENCH_FIGURES_DIR: figuresDir,
        HOLDFAST_MAX_SECONDS: String(withinMs / 1_000),
      },
    });
    try {
      const beganAt = performance.now();
      const { reports, driven } = await investigateUnderLoad(line, await liveSubject(line));
      const seconds = (performance.now() - beganAt) / 1_000;
      const right = reports.filter(isRight).length;
      printFigure(
        `${atOnce} live investigations at once`,
        `${seconds.toFixed(0)} s, ${right} answered rightly`,
      );
      printFigure(
        'spans taken in meanwhile, requests refused',
        `${driven.batches * itemsPerBatch}, ${driven.refused}`,
      );
      await printProcesses(figuresDir);
      return right === atOnce && driven.refused === 0;
    } finally {
      await line.stop();
    }
  });
}

async function investigateUnderLoad(
  line: Line,
  subject: Subject,
): Promise<{ readonly reports: readonly Report[]; readonly driven: Driven }> {
  const load = { port: Number(new URL(line.url).port), path: '/v1/traces', connections: 1 };
  const batches = Array.from({ length: 16 }, (_, number) => spanBatch(number));
  const ended = new AbortController();
  const driving = drive({
    ...{ ...load, batches, perSecond: batchesPerSecond },
    ...{ forMs: withinMs, signal: ended.signal },
  });
  const ids = await Promise.all(Array.from({ length: atOnce }, () => subject.begin()));
  const reports = await Promise.all(ids.map((id) => reportOf(line, id, withinMs)));
  ended.abort();
  return { reports, driven: await driving };
}

function isRight({ verdict, causes: [cause] }: Report): boolean {
  return (
    verdict === 'cause-found' &&
    cause?.entity.name === 'checkout' &&
    cause.faultKind === 'bad-deploy'
  );
}

async function printProcesses(figuresDir: string): Promise<void> {
  for (const name of await readdir(figuresDir)) {
    const text = await readFile(join(figuresDir, name), 'utf8');
    const { program, peakBytes, delayP99Ms, delayMostMs } = JSON.parse(text) as ProcessFigures;
    printFigure(
      `${program}: memory at most, event-loop delay p99 and most`,
      `${(peakBytes / 1e6).toFixed(0)} MB, ${delayP99Ms.toFixed(0)} ms, ${delayMostMs.toFixed(0)} ms`,
    );
  }
}
