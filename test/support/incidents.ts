import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { incidentsDir } from './line.ts';

/** Gives the folder name of a bundled incident by its alias. */
export function caseOf(alias: string): string {
  const aliases = JSON.parse(readFileSync(join(incidentsDir, 'index.json'), 'utf8')) as Readonly<
    Record<string, string>
  >;
  const name = aliases[alias];
  if (name === undefined) throw new Error(`there is no bundled incident ${alias}`);
  return name;
}
