import { mkdtemp, rm } from 'node:fs/promises';
import { chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKillGround } from '../test/support/kills.ts';
import type { KillGround } from '../test/support/kills.ts';
import { workflowBundle } from '../test/support/workflow-bundle.ts';

/** What a bench is told on the command line. */
export interface BenchOptions {
  readonly passes: number;
  readonly runs: number;
}

/** Lets `work` use the whole product with servers of its own, and clears up afterwards. */
export async function withGround<Result>(
  work: (ground: KillGround) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
  chmodSync(folder, 0o755);
  process.env['HOLDFAST_TEST_BUNDLE'] = await workflowBundle();
  const ground = await startKillGround(folder);
  try {
    return await work(ground);
  } finally {
    await ground.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** One line of a result: what was measured, and the figure. */
export function printFigure(what: string, figure: string): void {
  process.stdout.write(`${what.padEnd(52)} ${figure}\n`);
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
