import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '../../scripts/project-root.ts';
import type { ParsedLine } from './score-parsing.ts';

const release = '0.9.11';
const folder = path.join(projectRoot(), '.holdfast', 'bench', 'drain3');

/** What is parsed: the systems for their answers, the timed lines for the processor time alone. */
export interface ParsingTask {
  readonly systems: readonly (readonly string[])[];
  readonly timed: readonly string[];
}

/** What a parser made of a task; `seconds` is the processor time of the timed lines. */
export interface ParsingAnswer {
  readonly seconds: number;
  readonly systems: readonly (readonly ParsedLine[])[];
}

/** Has drain3 do a task, in a Python environment of its own; null, with a line that says why, where there is none to be had. */
export async function runDrain3(task: ParsingTask): Promise<ParsingAnswer | null> {
  const python = path.join(folder, 'bin', 'python');
  const failure = existsSync(python) ? importDrain3(python) : 'not installed';
  const problem = failure === null ? null : install(python);
  if (problem !== null) {
    process.stdout.write(`drain3 is left out: ${problem}\n`);
    return null;
  }
  await mkdir(folder, { recursive: true });
  const [asked, answered] = ['asked.json', 'answered.json'].map((name) => path.join(folder, name));
  if (asked === undefined || answered === undefined) return null;
  await writeFile(asked, JSON.stringify(task));
  const script = path.join(projectRoot(), 'bench', 'logs', 'time-drain3.py');
  const wrong = run(python, [script, asked, answered]);
  if (wrong !== null) throw new Error(`drain3 failed: ${wrong}`);
  return JSON.parse(await readFile(answered, 'utf8')) as ParsingAnswer;
}

function install(python: string): string | null {
  return (
    run('python3', ['-m', 'venv', folder]) ??
    run(python, ['-m', 'pip', 'install', '--quiet', `drain3==${release}`]) ??
    importDrain3(python)
  );
}

const importDrain3 = (python: string): string | null => run(python, ['-c', 'import drain3']);

/** Runs a program; gives the last line of what it complained of, null when all went well. */
function run(program: string, args: readonly string[]): string | null {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status === 0) return null;
  return (error?.message ?? stderr.trim().split('\n').at(-1)) || `${program} failed`;
}
