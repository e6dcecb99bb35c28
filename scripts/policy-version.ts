import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** Where the judgement of the embedded reasoner lies: what it decides, what tools tell it, and the arithmetic of both. */
const folders = ['agents', 'tools', 'core/analysis'];
/** Written from the others. */
const ownFile = 'agents/policy-version.ts';

/**
 * Names the embedded policies as they are in the sources under `root`: `embedded-` and a hash. The same for two trees that differ in comments and layout only,
 * since such a change decides nothing.
 */
export function policyVersionOf(root: string): string {
  const hash = createHash('sha256');
  for (const file of folders.flatMap((folder) => sourcesIn(root, folder)).toSorted()) {
    if (file !== ownFile) hash.update(`${file}\n${withoutComments(path.join(root, file))}\n`);
  }
  return `embedded-${hash.digest('hex').slice(0, 12)}`;
}

/** Writes the module that tells it to the run. */
export function renderPolicyVersion(root: string): string {
  return [
    '// Written by `npm run index`; do not edit.',
    '',
    '/** Version of the embedded policies: a hash of their sources, so that it changes whenever their judgement may have. */',
    `export const policyVersion = '${policyVersionOf(root)}';`,
    '',
  ].join('\n');
}

function sourcesIn(root: string, folder: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name.replaceAll(path.sep, '/')}`);
}

function withoutComments(file: string): string {
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
    compilerOptions: {
      removeComments: true,
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
    },
  });
  return outputText;
}
