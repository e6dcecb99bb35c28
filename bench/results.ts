import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '../scripts/project-root.ts';

const head = `# Results

What \`npm run bench\` measured, each section written by its own command and by nothing else.
`;

/** Puts what a bench found into its section of docs/results.md. */
export async function writeResults(bench: string, text: string): Promise<void> {
  const file = path.join(projectRoot(), 'docs', 'results.md');
  const before = existsSync(file) ? await readFile(file, 'utf8') : head;
  await writeFile(file, replaceSection(before, bench, text));
}

/** Replaces the section of a bench, or adds it at the end. */
export function replaceSection(document: string, bench: string, text: string): string {
  const [begin, end] = [`<!-- ${bench}:begin -->`, `<!-- ${bench}:end -->`];
  const section = `${begin}\n\n## \`npm run bench -- ${bench}\`\n\n${text.trim()}\n\n${end}`;
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from === -1 || to === -1) return `${document.trimEnd()}\n\n${section}\n`;
  return `${document.slice(0, from)}${section}${document.slice(to + end.length)}`;
}
