import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const project = join(import.meta.dirname, '../..');

/** Parses every TypeScript file below a folder of the project. */
export function sourcesOf(folder: string): readonly ts.SourceFile[] {
  return readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => parse(join(folder, name), readFileSync(join(project, folder, name), 'utf8')));
}

export function parse(name: string, text: string): ts.SourceFile {
  return ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
}

/** Gives all nodes of a file that `isWanted` tells. */
export function nodesOf<Wanted extends ts.Node>(
  source: ts.SourceFile,
  isWanted: (node: ts.Node) => node is Wanted,
): readonly Wanted[] {
  const found: Wanted[] = [];
  const visit = (node: ts.Node): void => {
    if (isWanted(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Says where a node stands, as file and line. */
export function placeOf(node: ts.Node): string {
  const source = node.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(node.getStart());
  return `${source.fileName}:${line + 1}`;
}
