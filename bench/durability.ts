import { killServers, killWorkerInEveryPhase, verdictOf } from '../test/support/kills.ts';
import type { KillGround } from '../test/support/kills.ts';
import { median, printFigure, withGround } from './ground.ts';
import type { BenchOptions } from './ground.ts';

/** The kill matrix, as often as asked: worker in each phase and within a write, then Temporal, PostgreSQL and the API. */
export async function durability({ passes }: BenchOptions): Promise<boolean> {
  const continueMs: number[] = [];
  let violations = 0;
  for (let pass = 1; pass <= passes; pass += 1) {
    const found = await withGround((ground) => onePass(ground, continueMs)).catch(
      (error: unknown) => [`could not be made: ${String(error)}`],
    );
    violations += found.length;
    process.stdout.write(
      `pass ${pass} of ${passes}: ${found.length === 0 ? 'clean' : found.join('; ')}\n`,
    );
  }
  const seconds = (ms: number): string => (ms / 1_000).toFixed(1);
  printFigure(
    'kill to continue, median and worst',
    `${seconds(median(continueMs))} s, ${seconds(Math.max(...continueMs))} s`,
  );
  printFigure('violations', String(violations));
  return violations === 0;
}

async function onePass(ground: KillGround, continueMs: number[]): Promise<readonly string[]> {
  const found: string[] = [];
  const expected = JSON.stringify(verdictOf(await ground.undisturbed()));
  const outcome = await killWorkerInEveryPhase(ground);
  continueMs.push(...outcome.continueMs);
  for (const run of outcome.runs) {
    if (JSON.stringify(verdictOf(run.report)) !== expected)
      found.push(`${run.phase}: another answer`);
    if (run.endedTwice.length > 0) found.push(`${run.phase}: ended twice`);
    if (run.repeatedSteps.join() !== run.heldStep)
      found.push(`${run.phase}: repeated ${run.repeatedSteps.join()}`);
  }
  const { effects, state } = outcome.write;
  if (effects !== 1 || state !== 'applied') found.push(`write: ${effects} effects, ${state}`);
  for (const victim of ['temporal', 'postgres', 'api'] as const) {
    for (const report of await killServers(ground, victim)) {
      if (JSON.stringify(verdictOf(report)) !== expected) found.push(`${victim}: another answer`);
    }
  }
  return found;
}
