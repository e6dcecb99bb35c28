import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { nodesOf, parse, placeOf, sourcesOf } from './source-files.ts';

/** Where a file reads the clock through `Date` without an argument, which lint does not see. */
function clockReads(source: ts.SourceFile): readonly string[] {
  const isDate = (node: ts.Node): node is ts.NewExpression | ts.CallExpression =>
    (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
    node.expression.getText() === 'Date' &&
    (ts.isCallExpression(node) || (node.arguments ?? []).length === 0);
  return nodesOf(source, isDate).map(placeOf);
}

describe('core and agents', () => {
  test('OS-44 never ask Date for the present: instants are handed in', () => {
    const planted = parse(
      'planted.ts',
      'const a = new Date(1);\nconst b = new Date();\nDate();\nnew Date;',
    );
    expect(clockReads(planted)).toEqual(['planted.ts:2', 'planted.ts:3', 'planted.ts:4']);
    expect(['core', 'agents'].flatMap(sourcesOf).flatMap(clockReads)).toEqual([]);
  });
});
