import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../scripts/project-root.ts';
import { runCommand } from '../../scripts/run-command.ts';
import { temporalBinary } from '../../scripts/temporal-binary.ts';
import { openTestFolder } from './test-folder.ts';

const root = projectRoot();
const buildMs = 300_000;

/** Compiles the product as users run it, unless it was compiled from the sources as they are. */
export async function buildProduct(): Promise<void> {
  const build = join(root, 'scripts', 'build.js');
  const env = { PATH: process.env['PATH'] };
  const { code, stderr } = await runCommand(process.execPath, [build], { timeoutMs: buildMs, env });
  if (code !== 0) throw new Error(`the product cannot be built: ${stderr}`);
}

/** The bundle of the workflows of the built product. */
export const bundleFile = join(root, 'dist', 'workflow-bundle.js');

/** The file of a program of the built product, such as `worker` or `cli/main`. */
export function builtFile(program: string): string {
  return join(root, 'dist', `${program}.js`);
}

/** Makes a state folder of its own, which other OS users may enter (PostgreSQL does not run as root), with the Temporal CLI of the project in it. */
export async function createStateDir(): Promise<{ readonly path: string; remove(): void }> {
  const kept = join(root, '.holdfast');
  await temporalBinary({ stateDir: kept });
  const folder = openTestFolder('stack');
  const path = folder.open();
  mkdirSync(join(kept, 'bin'), { recursive: true });
  symlinkSync(join(kept, 'bin'), join(path, 'bin'));
  return { path, remove: () => folder.remove() };
}

/** A program of the built product as a process without a terminal. */
export interface BuiltProcess {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  readonly ended: Promise<number | null>;
  /** Gives the next line of standard output. */
  nextLine(): Promise<string>;
}

/** Starts `dist/PROGRAM.js` with only the environment given. */
export function startBuilt(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): BuiltProcess {
  const child = spawn(process.execPath, [builtFile(program), ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString('utf8')));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    output,
    ended: new Promise((resolve) => child.once('close', resolve)),
    nextLine: async () => {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${program} printed no further line: ${output.stderr}`);
      return value;
    },
  };
}
