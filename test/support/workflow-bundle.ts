import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../../scripts/lock.js';
import { projectRoot } from '../../scripts/project-root.ts';
import { runCommand } from '../../scripts/run-command.ts';

const folders = ['workflows', 'agents', 'core'];
const bundleMs = 120_000;

/** Gives the path of the bundle of the workflows as they are now; made once, however many tests and runs ask. */
export async function workflowBundle(): Promise<string> {
  const root = projectRoot();
  const folder = join(root, '.holdfast', 'test');
  const bundle = join(folder, `workflows-${sourcesHash(root)}.js`);
  mkdirSync(folder, { recursive: true });
  await withLock(`${bundle}.lock`, () => make(root, bundle), { timeoutMs: bundleMs });
  return bundle;
}

/** In a process of its own: the bundler is heavy, and a test worker keeps what it has loaded. */
async function make(root: string, bundle: string): Promise<void> {
  if (existsSync(bundle)) return;
  const part = `${bundle}.part`;
  const bundler = JSON.stringify(join(root, 'scripts', 'bundle-workflows.js'));
  const script = `(await import(${bundler})).bundleWorkflows(${JSON.stringify(part)})`;
  const { code, stderr } = await runCommand(
    process.execPath,
    ['--input-type=module', '--eval', `await ${script}`],
    { timeoutMs: bundleMs, cwd: root, env: { PATH: process.env['PATH'] } },
  );
  if (code !== 0) throw new Error(`the workflows cannot be bundled: ${stderr}`);
  renameSync(part, bundle);
}

function sourcesHash(root: string): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('.ts')) hash.update(name).update(readFileSync(join(root, folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
