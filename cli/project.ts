import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Gives the folder of the project, whether this runs from the sources or compiled. */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return folder;
}

/** Gives the folder in which the local stack keeps its state, and its token. */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  const given = env['HOLDFAST_STATE_DIR'] ?? '';
  return given === '' ? join(projectRoot(), '.holdfast') : resolve(given);
}

/** Gives the command line of one of the programs in `scripts/`, which the product starts but never imports. */
export function scriptCommand(name: string): readonly [string, ...string[]] {
  const root = projectRoot();
  return import.meta.url.endsWith('.ts')
    ? [process.execPath, '--import', 'tsx', join(root, 'scripts', `${name}.ts`)]
    : [process.execPath, join(root, 'dist', 'scripts', `${name}.js`)];
}
