import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// `npm run diagram`: draws who imports whom at run time, folder by folder, into docs/ARCHITECTURE.md.
const root = process.cwd();
const storeys = {
  surfaces: ['api', 'cli', 'web', 'worker.ts', 'compose.ts'],
  durable: ['workflows', 'activities'],
  reasoning: ['agents', 'tools'],
  backing: ['integrations', 'store'],
  floor: ['core', 'config'],
};
const folders = Object.values(storeys).flat();

interface Cruise {
  readonly modules: readonly {
    readonly source: string;
    readonly dependencies: readonly { readonly resolved: string }[];
  }[];
}

function readImports(): ReadonlyMap<string, ReadonlySet<string>> {
  const roomOf = (path: string): string => path.split('/')[0] ?? path;
  const text = execFileSync(
    process.execPath,
    [
      join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      ...['--config', '.dependency-cruiser.js', '--no-cache', '--output-type', 'json', '.'],
    ],
    { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1_024 * 1_024 },
  );
  const imports = new Map<string, Set<string>>();
  for (const { source, dependencies } of (JSON.parse(text) as Cruise).modules) {
    const room = roomOf(source);
    if (!folders.includes(room)) continue;
    const targets = dependencies.map(({ resolved }) => roomOf(resolved));
    const wanted = targets.filter((target) => target !== room && folders.includes(target));
    imports.set(room, new Set([...(imports.get(room) ?? []), ...wanted]));
  }
  return imports;
}

function draw(imports: ReadonlyMap<string, ReadonlySet<string>>): string {
  const nameOf = (room: string): string => room.replace('.', '_');
  const boxes = Object.entries(storeys).flatMap(([storey, rooms]) => [
    `  subgraph ${storey}`,
    ...rooms
      .filter((room) => imports.has(room))
      .map((room) => `    ${nameOf(room)}["${room.includes('.') ? room : `${room}/`}"]`),
    '  end',
  ]);
  const arrows = folders.flatMap((room) =>
    folders
      .filter((target) => imports.get(room)?.has(target) === true)
      .map((target) => `  ${nameOf(room)} --> ${nameOf(target)}`),
  );
  return ['```mermaid', 'flowchart TB', ...boxes, ...arrows, '```'].join('\n');
}

const page = join(root, 'docs/ARCHITECTURE.md');
const before = readFileSync(page, 'utf8');
const [begin, end] = ['<!-- diagram:begin -->', '<!-- diagram:end -->'];
const [head, tail] = [before.indexOf(begin), before.indexOf(end)];
if (head === -1 || tail < head) throw new Error(`${page} lacks ${begin} and ${end}`);
const diagram = draw(readImports());
writeFileSync(page, `${before.slice(0, head + begin.length)}\n${diagram}\n${before.slice(tail)}`);
