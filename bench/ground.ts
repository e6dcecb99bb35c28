import { join } from 'node:path';
import { openLog } from '../scripts/stack/open-log.ts';
import { superviseDatabase } from '../scripts/stack/parts.ts';
import { buildProduct } from '../test/support/built-product.ts';
import { startKillGround } from '../test/support/kill-ground.ts';
import type { KillGround } from '../test/support/kill-ground.ts';
import { somePort } from '../test/support/some-port.ts';
import { startTemporal } from '../test/support/temporal.ts';
import { openTestFolder } from '../test/support/test-folder.ts';

/** What a bench is told on the command line. */
export interface BenchOptions {
  readonly passes: number;
  readonly runs: number;
  /** Of telemetry that comes in, rather than of a recorded case. */
  readonly isLive: boolean;
}

/** Lets `work` use the whole product with servers of its own, and clears up afterwards. */
export function withGround<Result>(work: (ground: KillGround) => Promise<Result>): Promise<Result> {
  return withFolder(async (folder) => {
    const ground = await startKillGround(folder);
    try {
      return await work(ground);
    } finally {
      await ground.stop();
    }
  });
}

/** Lets `work` use a PostgreSQL and a Temporal server of its own, and clears up afterwards. */
export function withServers<Result>(
  work: (servers: {
    readonly databaseUrl: string;
    readonly temporalAddress: string;
    /** For whatever belongs to this run; removed at its end. */
    readonly folder: string;
  }) => Promise<Result>,
): Promise<Result> {
  return withFolder(async (folder) => {
    const temporal = await startTemporal({ stateDir: folder });
    const log = openLog(join(folder, 'postgres.log'));
    const { part, databaseUrl } = await superviseDatabase({
      stateDir: folder,
      log,
      port: somePort(),
    });
    try {
      return await work({ databaseUrl, temporalAddress: temporal.address, folder });
    } finally {
      await part.stop();
      await temporal.stop();
    }
  });
}

async function withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = openTestFolder('bench');
  await buildProduct();
  try {
    return await work(folder.open());
  } finally {
    folder.remove();
  }
}

/** One line of a result: what was measured, and the figure. */
export function printFigure(what: string, figure: string): void {
  process.stdout.write(`${what.padEnd(52)} ${figure}\n`);
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
