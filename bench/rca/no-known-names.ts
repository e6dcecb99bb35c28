import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { readCase } from '../../integrations/duckdb/read-case.ts';
import { openCase } from '../../integrations/duckdb/open-case.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import type { Sample } from './check-sample.ts';
import { casesFolder } from './run-set.ts';

/** What reasons about incidents, and must not know them by name. */
const rooms = ['core', 'agents', 'tools'];

/** Names of the data that are words of the trade; each reviewed where it stands. */
const allowed: ReadonlySet<string> = new Set(['kubelet']);

/** Where a name of the data stands as a literal. */
export interface KnownName {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

/** Takes the names of all services, instances, files and sets from the data, and looks for them in the literals of what reasons. */
export async function checkNames(all: readonly Sample[], data: string): Promise<boolean> {
  const names = await collectNames(all, data);
  const found: KnownName[] = [];
  for (const room of rooms) {
    const dir = path.join(projectRoot(), room);
    for (const file of await readdir(dir, { recursive: true })) {
      if (!file.endsWith('.ts')) continue;
      const source = await readFile(path.join(dir, file), 'utf8');
      found.push(...findNames(source, path.join(room, file), names));
    }
  }
  for (const { name, file, line } of found) {
    process.stdout.write(`${file}:${line} knows "${name}" of the data\n`);
  }
  process.stdout.write(`${names.size} names of the data, ${found.length} in ${rooms.join(', ')}\n`);
  return found.length === 0;
}

/** Finds names that are a whole literal, or a word of one. */
export function findNames(
  source: string,
  file: string,
  names: ReadonlySet<string>,
): readonly KnownName[] {
  return source.split('\n').flatMap((text, index) => {
    const literals = [...text.matchAll(/'([^']*)'|"([^"]*)"|`([^`]*)`/g)].map(
      (match) => match[1] ?? match[2] ?? match[3] ?? '',
    );
    const words = literals.flatMap((literal) => [literal, ...literal.split(/[^\w:.@-]+/)]);
    const known = [...new Set(words)].filter((word) => names.has(word));
    return known.map((name) => ({ name, file, line: index + 1 }));
  });
}

async function collectNames(all: readonly Sample[], data: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const { set, cases } of all) {
    names.add(set.name).add(set.folder);
    for (const one of cases) {
      for (const name of one.entityNames) names.add(name);
      for (const name of await namesOfCase(path.join(casesFolder(set), one.name))) names.add(name);
    }
    for (const entry of await readdir(path.join(data, set.folder), { recursive: true })) {
      const name = path.basename(entry).replace(/(\.\w+)+$/, '');
      // A plain word, such as "metrics", says nothing of where it comes from.
      if (/[-_\d]/.test(name)) names.add(name);
    }
  }
  for (const name of [...names]) if (name.length < 3 || allowed.has(name)) names.delete(name);
  return names;
}

/** Who may be named and who hurts; where nobody is listed, whoever reports. */
async function namesOfCase(dir: string): Promise<readonly string[]> {
  const { alert, candidates } = await readCase(dir);
  const listed = [...(candidates ?? []), ...(alert.entity === undefined ? [] : [alert.entity])];
  const names = listed.map(({ name }) => name);
  if (candidates !== undefined) return names;
  const opened = await openCase({ dir });
  try {
    const coverage = await opened.coverage(new AbortController().signal);
    return [...names, ...coverage.flatMap(({ services }) => services)];
  } finally {
    await opened.close();
  }
}
