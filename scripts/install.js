import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.js';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const noteFile = join(root, 'node_modules', '.holdfast-lock');
const oldestNode = [20, 19];

/**
 * Installs the packages of the lock file unless they are there. Progress goes to standard error. Ends the process when Node is too old or npm fails,
 * and says what to do.
 */
export async function install() {
  checkNode();
  if (isInstalled()) return;
  await withLock(join(root, '.holdfast', 'install.lock'), runInstall, {
    timeoutMs: 900_000,
    onWait: (holder) =>
      console.error(`another install is running (process ${holder}), waiting ...`),
  });
}

/** Remembers that the packages of the present lock file are installed; npm calls it by `prepare` after each install. */
export function noteInstalled() {
  if (existsSync(dirname(noteFile))) writeFileSync(noteFile, lockHash());
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [needMajor = 0, needMinor = 0] = oldestNode;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return;
  console.error(
    `Holdfast needs Node ${oldestNode.join('.')} or newer; this is ${process.versions.node}. Install a newer Node and run the command again.`,
  );
  process.exit(5);
}

function isInstalled() {
  return existsSync(noteFile) && readFileSync(noteFile, 'utf8') === lockHash();
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function runInstall() {
  if (isInstalled()) return; // the one that we waited for did it
  console.error('installing packages (npm ci) ...');
  const npm = process.env['npm_execpath'];
  const [command, ...args] =
    npm === undefined || !npm.endsWith('.js') ? ['npm'] : [process.execPath, npm];
  const { status, error } = spawnSync(
    command ?? 'npm',
    [...args, 'ci', '--no-audit', '--no-fund'],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
    },
  );
  if (status !== 0) {
    console.error(
      `npm ci failed (${error?.message ?? `exit ${status}`}). Its output above says why; correct that and run the command again.`,
    );
    process.exit(5);
  }
  noteInstalled();
}
