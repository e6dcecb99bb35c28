import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { scenarioNames } from '../examples/shop/recorder/plan.ts';
import { projectRoot } from '../scripts/project-root.ts';
import { printFigure } from './ground.ts';

/** Which live runs are to be made; what was made before is not made again. */
export interface LiveBenchOptions {
  /** One scenario; all of them when absent. */
  readonly fault?: string;
  readonly liveRuns: number;
}

interface Run {
  readonly isRight: boolean;
  /** From the fault to the report; null when there was none. */
  readonly seconds: number | null;
}

type Results = Readonly<Record<string, readonly Run[]>>;

/** Of three runs of a scenario, this share has to be right. */
const leastShare = 2 / 3;
const resultsFile = path.join(projectRoot(), '.holdfast', 'bench-live.json');

function readResults(): Results {
  try {
    return JSON.parse(readFileSync(resultsFile, 'utf8')) as Results;
  } catch {
    return {}; // nothing was measured yet
  }
}

/** The installed live demo with one scenario and seed, decided and mended: it says itself whether its report is right. */
function runOnce(fault: string, seed: number): Run {
  const args = ['run', '--silent', 'demo', '--', '--live', '--approve'];
  const { status, stdout } = spawnSync('npm', [...args, '--fault', fault, '--seed', String(seed)], {
    cwd: projectRoot(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const seconds = /From the fault to the report it took (\d+) s/.exec(stdout)?.[1];
  if (status !== 0) process.stdout.write(`${stdout.slice(-6_000)}\n`);
  return { isRight: status === 0, seconds: seconds === undefined ? null : Number(seconds) };
}

/**
 * Breaks a running shop in every way it can break, several times each, and has each fault found from live telemetry: a table of scenarios and runs. It goes on
 * where an earlier one was stopped; delete `.holdfast/bench-live.json` to begin anew.
 */
export async function live({ fault, liveRuns }: LiveBenchOptions): Promise<boolean> {
  const names = scenarioNames.filter((name) => fault === undefined || name === fault);
  let results = readResults();
  for (const name of names) {
    for (let run = results[name]?.length ?? 0; run < liveRuns; run += 1) {
      const made = [...(results[name] ?? []), runOnce(name, 1_000 + run)];
      results = { ...results, [name]: made };
      await mkdir(path.dirname(resultsFile), { recursive: true });
      await writeFile(resultsFile, JSON.stringify(results, null, 2));
    }
    printFigure(name, lineOf((results[name] ?? []).slice(0, liveRuns)));
  }
  return (
    names.length > 0 && names.every((name) => isGood((results[name] ?? []).slice(0, liveRuns)))
  );
}

function lineOf(runs: readonly Run[]): string {
  const words = runs.map(
    ({ isRight, seconds }) => `${isRight ? 'right' : 'WRONG'} ${seconds ?? '?'} s`,
  );
  return `${words.join(', ')}${isGood(runs) ? '' : '  <- too few'}`;
}

function isGood(runs: readonly Run[]): boolean {
  return runs.filter(({ isRight }) => isRight).length >= runs.length * leastShare;
}
