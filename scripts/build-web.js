import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './install.js';

/**
 * Bundles the pages into a folder, with a packed copy beside each file that packs, and tells what a browser has to load.
 * @param {string} target
 */
export async function buildWeb(target) {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const child = spawn(
    process.execPath,
    [vite, 'build', join(root, 'web'), '--outDir', target, '--logLevel', 'warn'],
    { cwd: root, stdio: ['ignore', 2, 2] },
  );
  const [status] = await once(child, 'exit');
  if (status !== 0) throw new Error(`the bundler of the pages ended with ${status}`);
  packFiles(join(target, 'assets'));
  const { first, later } = pageSizes(target);
  console.error(`pages: ${kilobytes(first)} packed at first, ${kilobytes(later)} on demand`);
}

/** @param {string} folder */
function packFiles(folder) {
  for (const name of readdirSync(folder).filter((name) => /[.](js|css|svg)$/.test(name))) {
    writeFileSync(
      join(folder, `${name}.gz`),
      gzipSync(readFileSync(join(folder, name)), { level: 9 }),
    );
  }
}

/**
 * Adds up the packed bytes that the first page loads (document, scripts, styles), and those that follow on demand.
 * @param {string} folder
 * @returns {{ first: number, later: number }}
 */
export function pageSizes(folder) {
  /** @type {Readonly<Record<string, { file: string, css?: string[], imports?: string[], isEntry?: boolean }>>} */
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const wanted = Object.keys(manifest).filter((key) => manifest[key]?.isEntry === true);
  for (const key of wanted) {
    for (const next of manifest[key]?.imports ?? []) if (!wanted.includes(next)) wanted.push(next);
  }
  const files = new Set(
    wanted.flatMap((key) => [manifest[key]?.file, ...(manifest[key]?.css ?? [])]),
  );
  const sizes = readdirSync(join(folder, 'assets'))
    .filter((name) => name.endsWith('.gz'))
    .map((name) => ({
      isFirst: files.has(`assets/${name.slice(0, -3)}`),
      bytes: readFileSync(join(folder, 'assets', name)).length,
    }));
  const sum = (/** @type {boolean} */ isFirst) =>
    sizes.filter((size) => size.isFirst === isFirst).reduce((total, { bytes }) => total + bytes, 0);
  const document = gzipSync(readFileSync(join(folder, 'index.html'))).length;
  return { first: sum(true) + document, later: sum(false) };
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1_000).toFixed(0)} KB`;
}
