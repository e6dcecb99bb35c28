import { liveSubject, recordedSubject } from '../test/support/subject.ts';
import type { Subject } from '../test/support/subject.ts';
import { killServer, killWorkerAtEveryMoment } from '../test/support/kills.ts';
import type { KillGround } from '../test/support/kill-ground.ts';
import { median, printFigure, withGround } from './ground.ts';
import type { BenchOptions } from './ground.ts';

/**
 * The kill matrix, as often as asked: worker at each moment and within a write, then Temporal, PostgreSQL and the API. Of a recorded incident, or, with
 * `--live`, of one whose telemetry comes in meanwhile.
 */
export async function durability({ passes, isLive }: BenchOptions): Promise<boolean> {
  const continueMs: number[] = [];
  let violations = 0;
  for (let pass = 1; pass <= passes; pass += 1) {
    const found = await withGround(async (ground) => {
      const subject = isLive ? await liveSubject(ground.line) : recordedSubject(ground.line);
      return onePass(ground, subject, continueMs);
    }).catch((error: unknown) => [`could not be made: ${String(error)}`]);
    violations += found.length;
    process.stdout.write(
      `pass ${pass} of ${passes}: ${found.length === 0 ? 'clean' : found.join('; ')}\n`,
    );
  }
  const seconds = (ms: number): string => (ms / 1_000).toFixed(1);
  printFigure('kills of the worker survived', String(continueMs.length));
  printFigure(
    'kill to continue, median and worst',
    `${seconds(median(continueMs))} s, ${seconds(Math.max(...continueMs))} s`,
  );
  printFigure('violations', String(violations));
  return violations === 0;
}

async function onePass(
  ground: KillGround,
  subject: Subject,
  continueMs: number[],
): Promise<readonly string[]> {
  const found: string[] = [];
  const answerOf: typeof subject.answerOf = (report) => JSON.stringify(subject.answerOf(report));
  const expected = answerOf(await subject.undisturbed());
  const { runs, write } = await killWorkerAtEveryMoment(ground, subject);
  for (const run of runs) {
    continueMs.push(run.continueMs);
    if (answerOf(run.report) !== expected) found.push(`${run.phase}: another answer`);
    if (run.endedTwice.length > 0) found.push(`${run.phase}: ended twice`);
    if (run.repeatedSteps.join() !== run.heldStep)
      found.push(`${run.phase}: repeated ${run.repeatedSteps.join()}`);
  }
  if (write.effects !== 1 || write.state !== 'applied')
    found.push(`write: ${write.effects} effects, ${write.state}`);
  for (const victim of ['temporal', 'postgres', 'api'] as const) {
    for (const report of await killServer(ground, subject, victim)) {
      if (answerOf(report) !== expected) found.push(`${victim}: another answer`);
    }
  }
  const lost = (await subject.flow?.lost()) ?? [];
  if (lost.length > 0) found.push(`${lost.length} acknowledged spans are lost`);
  return found;
}
