import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openTestFolder } from '../support/test-folder.ts';

const project = join(import.meta.dirname, '../..');

/** A copy of the project's files, as they are now, with the installed packages; what is planted in it stays in it. */
export interface ProjectCopy {
  readonly folder: string;
  write(path: string, text: string): void;
  remove(path: string): void;
  /** Runs a program of node_modules/.bin, or npm. */
  run(
    program: string,
    args: readonly string[],
  ): { readonly status: number | null; readonly output: string; readonly stdout: string };
  dispose(): void;
}

/** Copies what git tracks or would track; recordings are left out. */
export function copyProject(): ProjectCopy {
  const copies = openTestFolder('house');
  const folder = copies.open();
  const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: project,
    encoding: 'utf8',
  });
  for (const path of listed.split('\0')) {
    if (path === '' || path.startsWith('examples/incidents/')) continue;
    if (existsSync(join(project, path))) cpSync(join(project, path), join(folder, path));
  }
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    write: (path, text) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    remove: (path) => rmSync(join(folder, path), { recursive: true, force: true }),
    run: (program, args) => {
      const path = program === 'npm' ? program : join(folder, 'node_modules/.bin', program);
      const { status, stdout, stderr } = spawnSync(path, args, {
        cwd: folder,
        encoding: 'utf8',
        maxBuffer: 64 * 1_024 * 1_024,
      });
      return { status, stdout, output: `${stdout}${stderr}` };
    },
    dispose: () => copies.remove(),
  };
}
