import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Report } from '../../core/schemas/report.ts';
import { verdictOf } from '../../test/support/subject.ts';
import { investigate, reportOf, startLine } from '../../test/support/line.ts';
import { investigateDirectly } from '../direct/investigate-directly.ts';
import { withServers } from '../ground.ts';
import type { BenchCase } from './bench-case.ts';
import { copyShuffled } from './copy-case.ts';
import { casesFolder } from './run-set.ts';
import type { BenchSet } from './sets.ts';

/** Cases of a set. */
export interface Sample {
  readonly set: BenchSet;
  readonly cases: readonly BenchCase[];
}

const ofEach = 2;
const withinMs = 600_000;

/** Takes the first and the middle case of every set of incidents. */
function sampled(all: readonly Sample[]): readonly Sample[] {
  return all
    .filter(({ set }) => set.gradedBy !== 'health')
    .map(({ set, cases }) => {
      const apart = Math.max(1, Math.floor(cases.length / ofEach));
      return { set, cases: cases.filter((_one, index) => index % apart === 0).slice(0, ofEach) };
    });
}

const answerOf = (report: Report): string => JSON.stringify(verdictOf(report));

/** Investigates a sample twice, and once with the rows of every file in another order: all three must say the same. */
export async function checkOrder(all: readonly Sample[]): Promise<boolean> {
  let isGood = true;
  for (const { set, cases } of sampled(all)) {
    for (const [index, { name }] of cases.entries()) {
      const dir = path.join(casesFolder(set), name);
      const copy = `${dir}.shuffled`;
      await copyShuffled(dir, copy, index + 1);
      const answers: string[] = [];
      for (const folder of [dir, dir, copy]) {
        answers.push(answerOf((await investigateDirectly(folder)).report));
      }
      await rm(copy, { recursive: true, force: true });
      const isRepeated = answers[0] === answers[1];
      const isKept = answers[0] === answers[2];
      isGood &&= isRepeated && isKept;
      const says =
        isRepeated && isKept ? 'the same' : isRepeated ? 'ANOTHER when shuffled' : 'ANOTHER';
      process.stdout.write(`${set.name} ${name}: ${says}\n`);
    }
  }
  return isGood;
}

/** Investigates a sample in this process and through the whole product: verdict, causes, ranking and chain must be equal. */
export async function checkTemporal(all: readonly Sample[]): Promise<boolean> {
  const samples = sampled(all);
  const folders = samples.map(({ set }) => casesFolder(set));
  return withServers(async (servers) => {
    const line = await startLine({ ...servers, env: { HOLDFAST_CASES: folders.join(':') } });
    let isGood = true;
    try {
      for (const { set, cases } of samples) {
        for (const { name } of cases) {
          const { report } = await investigateDirectly(path.join(casesFolder(set), name));
          const id = await investigate(line, { case: name });
          const durable = await reportOf(line, id, withinMs);
          const isSame = answerOf(report) === answerOf(durable);
          isGood &&= isSame;
          process.stdout.write(`${set.name} ${name}: ${isSame ? 'the same' : 'ANOTHER'}\n`);
        }
      }
    } finally {
      await line.stop();
    }
    return isGood;
  });
}
