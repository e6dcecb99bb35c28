import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';
import { z } from '../core/schemas/z.ts';
import { projectRoot } from './project-root.ts';

const aliasesSchema = z.record(z.string(), z.string());
const manifest = 'incident.yaml';

/**
 * Gives the folder of a bundled incident by its alias in `examples/incidents/index.json` or by the name of its folder, which tells nothing about the
 * answer. Throws `not-found.case` with what there is.
 */
export function findIncident(name: string): string {
  const root = join(projectRoot(), 'examples', 'incidents');
  const aliases = readAliases(join(root, 'index.json'));
  const folder = join(root, aliases[name] ?? name);
  const isInside = !name.includes('/') && !name.includes('..');
  if (isInside && existsSync(join(folder, manifest))) return folder;
  const folders = readdirSync(root).filter((one) => existsSync(join(root, one, manifest)));
  const known = [...Object.keys(aliases), ...folders].join(', ');
  throw new AppError(
    'not-found.case',
    `There is no bundled incident "${name}"; there are ${known}.`,
  );
}

function readAliases(path: string): Readonly<Record<string, string>> {
  if (!existsSync(path)) return {};
  return aliasesSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}
