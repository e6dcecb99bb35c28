import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, relative } from 'node:path';
import { buildWeb } from './build-web.js';
import { root } from './install.js';
import { withLock } from './lock.js';

const dist = join(root, 'dist');
const stampFile = join(dist, '.stamp');
const settings = ['tsconfig.json', 'tsconfig.build.json', 'package.json', 'package-lock.json'];

/** Folders that are no part of what runs, or hold recordings. */
const leftOut = new Set(['node_modules', 'incidents', 'slos']);

/**
 * Compiles the product into `dist/`, with the bundle of the workflows and the pages, unless what is there was made from the same sources. The new tree is made aside
 * and put in place at once. Types are not checked here: that is `npm run typecheck`.
 */
export async function build() {
  const sources = listSources();
  if (isCurrent(sources)) return;
  await withLock(join(root, '.holdfast', 'build.lock'), () => compile(sources), {
    timeoutMs: 300_000,
  });
}

/** @param {readonly string[]} sources */
function isCurrent(sources) {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stampOf(sources);
}

/** @param {readonly string[]} sources */
async function compile(sources) {
  const stamp = stampOf(sources);
  if (isCurrent(sources)) return; // another process built it while we waited
  console.error('compiling ...');
  const made = join(root, '.holdfast', 'dist-new');
  rmSync(made, { recursive: true, force: true });
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(
    process.execPath,
    [tsc, '-p', 'tsconfig.build.json', '--noCheck', '--outDir', made],
    { cwd: root, stdio: ['ignore', 2, 2] },
  );
  if (status !== 0) throw new Error(`the TypeScript compiler ended with ${status}`);
  for (const path of sources.filter(isAsset)) {
    cpSync(path, join(made, relative(root, path)));
  }
  const { bundleWorkflows } = await import('./bundle-workflows.js');
  const pages = buildWeb(join(made, 'web'));
  await bundleWorkflows(join(made, 'workflow-bundle.js'));
  await pages;
  writeFileSync(join(made, '.stamp'), stamp);
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  renameSync(made, dist);
}

/** What is not compiled but read at run time stands at the same place in `dist/`. @param {string} path */
function isAsset(path) {
  const name = relative(root, path);
  if (settings.includes(name) || name.startsWith('web/') || path.endsWith('.ts')) return false;
  return !name.startsWith('scripts/') || basename(path) === 'lock.js';
}

function listSources() {
  const { include } = JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8'));
  return [...settings, ...include, 'web'].flatMap((name) => listFiles(join(root, name)));
}

/** @param {string} path @returns {string[]} */
function listFiles(path) {
  if (!existsSync(path)) return [];
  if (/[.][a-z]+$/.test(path)) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !leftOut.has(entry.name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() ? listFiles(join(path, entry.name)) : [join(path, entry.name)],
    );
}

/** @param {readonly string[]} sources */
function stampOf(sources) {
  const hash = createHash('sha256');
  for (const path of sources) hash.update(`${relative(root, path)}\0`).update(readFileSync(path));
  return hash.digest('hex');
}

if (process.argv[1] === import.meta.filename) await build();
