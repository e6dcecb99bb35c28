import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { projectRoot } from '../scripts/project-root.ts';
import { gates } from './gates.ts';
import { judgeGates } from './judge-gates.ts';
import { prepareFreshLines } from './logs/fresh-lines.ts';
import type { FreshenLines } from './logs/fresh-lines.ts';
import { measureGates } from './logs/measure-gates.ts';
import { mineLines } from './logs/mine-lines.ts';
import { readSystems } from './logs/read-systems.ts';
import { renderLogs } from './logs/render-logs.ts';
import { runDrain3 } from './logs/run-drain3.ts';
import { scoreParsing } from './logs/score-parsing.ts';
import type { ParsedLine } from './logs/score-parsing.ts';
import type { Tallied } from './logs/tally-many.ts';
import { writeResults } from './results.ts';

interface LogsOptions {
  /** The folder of the data; beside the project by default. */
  readonly data?: string;
}

const manyLines = 5_000_000;
const drain3Rounds = 2;
const linesAtOnce = 1_000;

/** Parses other people's labelled logs, and writes how well, how fast and in how much memory, beside what that is held to; drain3 does the same beside it. False when a gate is missed. */
export async function logs({ data }: LogsOptions): Promise<boolean> {
  const folder = path.join(data ?? path.join(projectRoot(), '..', 'shared', 'data'), 'loghub-2k');
  if (!existsSync(folder)) {
    process.stdout.write(
      `skipped: there is no ${folder}; name the folder of the data with --data\n`,
    );
    return true;
  }
  const systems = await readSystems(folder);
  const texts = systems.map(({ lines }) => lines.map(({ text }) => text));
  const freshen = prepareFreshLines(systems);
  const timed = Array.from({ length: drain3Rounds }, (_none, round) => freshen(round)).flat();
  const drain3 = await runDrain3({ systems: texts, timed });
  const scoreAll = (parsed: readonly (readonly ParsedLine[])[]) =>
    systems.map(({ lines }, index) => scoreParsing(lines, parsed[index] ?? []));
  const results = {
    measuredAt: new Date(),
    processor: cpus()[0]?.model.trim() ?? 'an unknown processor',
    systems: systems.map(({ system }) => system),
    own: { scores: scoreAll(texts.map(mineLines)), many: await tallyMany(freshen) },
    drain3:
      drain3 === null
        ? null
        : {
            scores: scoreAll(drain3.systems),
            many: { lines: timed.length, seconds: drain3.seconds },
          },
  };
  const judged = judgeGates(gates.logs, measureGates(results));
  const text = renderLogs(results, judged.table);
  process.stdout.write(`${text}\n`);
  await writeResults('logs', text);
  return judged.isHeld;
}

/** Counts many lines in a process of its own, which does nothing else and gets them as a stream. */
async function tallyMany(freshen: FreshenLines): Promise<Tallied> {
  const child = fork(
    path.join(projectRoot(), 'bench', 'logs', 'tally-many.ts'),
    [String(manyLines)],
    {
      execArgv: ['--single-threaded-gc', '--import', 'tsx'],
      stdio: ['pipe', 'inherit', 'inherit', 'ipc'],
    },
  );
  const answer = once(child, 'message');
  const gone = once(child, 'exit').then(() => {
    throw new Error('the process that counts many lines ended without an answer');
  });
  const [[tallied]] = (await Promise.all([
    Promise.race([answer, gone]),
    pipeline(Readable.from(streamLines(freshen)), child.stdin ?? process.stdout),
  ])) as [[Tallied], unknown];
  return tallied;
}

function* streamLines(freshen: FreshenLines): Generator<string> {
  let lines = 0;
  for (let round = 0; lines < manyLines; round += 1) {
    const bodies = freshen(round);
    lines += bodies.length;
    for (let from = 0; from < bodies.length; from += linesAtOnce) {
      yield `${bodies.slice(from, from + linesAtOnce).join('\n')}\n`;
    }
  }
}
