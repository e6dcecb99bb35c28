import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** A test as its file names it. `where` is the path from the root with `/`. */
export interface TestTitle {
  readonly where: string;
  readonly title: string;
}

/**
 * Collects the titles of all tests below `folder`, in order of files and lines, without running them. A title that is put together at run
 * time counts with its fixed parts; tests that are always skipped do not count.
 */
export function readTitles(root: string, folder: string): readonly TestTitle[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .toSorted()
    .flatMap((name) => titlesOf(root, join(root, folder, name)));
}

function titlesOf(root: string, path: string): readonly TestTitle[] {
  const source = ts.createSourceFile(
    path,
    readFileSync(path, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const where = relative(root, path).replaceAll('\\', '/');
  const titles: TestTitle[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTest(node.expression)) {
      const [title] = node.arguments;
      if (title !== undefined) titles.push({ where, title: fixedText(title) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return titles;
}

/** Recognises `test`, `test.each(...)`, and `(condition ? test : test.skip)`; not `test.skip` and `test.todo` by themselves. */
function isTest(callee: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(callee)) return isTest(callee.expression);
  if (ts.isConditionalExpression(callee))
    return isTest(callee.whenTrue) || isTest(callee.whenFalse);
  if (ts.isIdentifier(callee)) return callee.text === 'test';
  if (ts.isCallExpression(callee) || ts.isTaggedTemplateExpression(callee)) {
    const maker = ts.isCallExpression(callee) ? callee.expression : callee.tag;
    return (
      ts.isPropertyAccessExpression(maker) && maker.name.text === 'each' && isTest(maker.expression)
    );
  }
  return (
    ts.isPropertyAccessExpression(callee) &&
    callee.name.text === 'concurrent' &&
    isTest(callee.expression)
  );
}

function fixedText(title: ts.Expression): string {
  if (ts.isStringLiteralLike(title)) return title.text;
  if (ts.isTemplateExpression(title)) {
    return [title.head.text, ...title.templateSpans.map(({ literal }) => `…${literal.text}`)].join(
      '',
    );
  }
  if (ts.isBinaryExpression(title)) return fixedText(title.left) + fixedText(title.right);
  return '…';
}
