import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/project-root.ts';
import { incidentsDir } from './line.ts';

/** Recordings of which so little is left that the embedded policies abstain. */
export const narrowedDir = join(projectRoot(), 'examples', 'narrowed');

/** Gives the folder name of a bundled incident by its alias. */
export function caseOf(alias: string): string {
  const aliases = JSON.parse(readFileSync(join(incidentsDir, 'index.json'), 'utf8')) as Readonly<
    Record<string, string>
  >;
  const name = aliases[alias];
  if (name === undefined) throw new Error(`there is no bundled incident ${alias}`);
  return name;
}
