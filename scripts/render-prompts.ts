import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Whose prompt stands in which folder of `agents/`. */
const folders = {
  aggregation: 'aggregation',
  trace: 'trace',
  log: 'log',
  change: 'change',
  'root-cause': 'root-cause',
  plan: 'orchestrator',
  diagnosis: 'verifier',
} as const;

/** Writes the module of prompts from `agents/.../prompt.md`: the common part, then each role's own, with the hash by which a run freezes it. */
export function renderPrompts(root: string): string {
  const read = (folder: string): string =>
    readFileSync(path.join(root, 'agents', folder, 'prompt.md'), 'utf8').trim();
  const common = read('model');
  const entries = Object.entries(folders).map(([name, folder]) => {
    const text = `${common}\n\n${read(folder)}\n`;
    const hash = createHash('sha256').update(text).digest('hex');
    const key = name.includes('-') ? `'${name}'` : name;
    return `  ${key}: {\n    hash: '${hash}',\n    text: ${quoted(text)},\n  },`;
  });
  return [
    '// Written by `npm run index` from the prompt.md of each folder; do not edit.',
    '',
    '/** What a model is told to be, by role, with the SHA-256 of the text. */',
    'export const prompts = {',
    ...entries,
    '} as const;',
    '',
  ].join('\n');
}

/** As prettier writes it: with single quotes unless the text has more of them than of double ones. */
function quoted(text: string): string {
  const json = JSON.stringify(text);
  if (text.includes("'") && !text.includes('"')) return json;
  return `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
