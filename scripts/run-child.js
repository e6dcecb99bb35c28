import { spawn } from 'node:child_process';
import { root } from './install.js';

/**
 * Runs a Node program in place of this one: its terminal, its signals, its exit code. A Ctrl-C reaches both; this one waits for the other.
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<never>}
 */
export async function runChild(args, env = process.env) {
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
  process.on('SIGINT', () => undefined);
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve(70));
    child.once('exit', (exitCode, signal) =>
      resolve(exitCode ?? (signal === 'SIGINT' ? 130 : 143)),
    );
  });
  process.exit(code);
}
