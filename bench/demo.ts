import { spawnSync } from 'node:child_process';
import { projectRoot } from '../scripts/project-root.ts';
import { printFigure } from './ground.ts';

/** The installed demo, from the command to its report, with the write approved. */
export function demo(): Promise<boolean> {
  const begunAt = performance.now();
  const { status, stderr } = spawnSync('npm', ['run', '--silent', 'demo', '--', '--approve'], {
    cwd: projectRoot(),
    encoding: 'utf8',
  });
  const seconds = (performance.now() - begunAt) / 1_000;
  printFigure('installed demo, start to end', `${seconds.toFixed(1)} s, exit ${status}`);
  if (status !== 0) process.stderr.write(stderr);
  return Promise.resolve(status === 0);
}
