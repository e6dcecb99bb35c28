import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { nodesOf, sourcesOf } from '../house/source-files.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/glossary.md'), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => /^\| (?!term|-)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

/** The public names of the shapes that cross a boundary. */
function publishedNames(): readonly string[] {
  return sourcesOf('core/schemas')
    .flatMap((source) => [...source.text.matchAll(/[.]meta\(\{\s*id: '(\w+)'/g)])
    .map(([, id = '']) => id);
}

/** Names that `core/` and the loop declare: types, functions, values, and members of shapes. */
function declaredNames(): ReadonlySet<string> {
  const isNamed = (node: ts.Node): node is ts.NamedDeclaration & { name: ts.Node } =>
    (ts.isTypeAliasDeclaration(node) ||
      ts.isInterfaceDeclaration(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isVariableDeclaration(node) ||
      ts.isPropertyAssignment(node) ||
      ts.isShorthandPropertyAssignment(node) ||
      ts.isPropertySignature(node)) &&
    node.name !== undefined;
  const names = ['core', 'agents']
    .flatMap(sourcesOf)
    .flatMap((source) => nodesOf(source, isNamed))
    .map(({ name }) => name.getText());
  return new Set([...names, ...publishedNames()]);
}

describe('docs/glossary.md', () => {
  test('gives each term the name that it has in the code', () => {
    const declared = declaredNames();
    const names = rows.map(([, term, , code = '']) => ({ term, code: code.replaceAll('`', '') }));
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter(({ code }) => !declared.has(code))).toEqual([]);
  });

  test('has every shape that crosses a boundary by its public name', () => {
    const published = publishedNames().filter((id) => !id.endsWith('Request'));
    const codes = new Set(rows.map(([, , , code = '']) => code.replaceAll('`', '')));
    expect(published.length).toBeGreaterThan(5);
    expect(published.filter((id) => !codes.has(id))).toEqual([]);
  });

  test('has its terms in alphabetical order, each once', () => {
    const terms = rows.map(([, term = '']) => term.toLowerCase());
    expect(terms).toEqual([...new Set(terms)].toSorted((one, other) => one.localeCompare(other)));
  });
});
