import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Gives the folder of the project: the nearest one above this file with a lock file, whether this runs from the sources or from `dist/`. */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${import.meta.url}`);
    folder = parent;
  }
  return folder;
}

/** Tells whether this code was compiled by `npm run build`, or runs from its TypeScript sources. */
export function isBuilt(): boolean {
  return !import.meta.url.endsWith('.ts');
}
