import ts from 'typescript';

/** A piece of source that a machine reads: what stands in quotes, in a regular expression, or is a name of the code. Comments are none. */
export interface Piece {
  readonly kind: 'text' | 'pattern' | 'name';
  readonly text: string;
  readonly line: number;
}

/** Takes a source apart. */
export function readPieces(source: string, file: string): readonly Piece[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ESNext, true);
  const pieces: Piece[] = [];
  const visit = (node: ts.Node): void => {
    const line = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
    if (isText(node)) pieces.push({ kind: 'text', text: node.text, line });
    else if (ts.isRegularExpressionLiteral(node)) {
      const text = node.text.slice(1, node.text.lastIndexOf('/'));
      pieces.push({ kind: 'pattern', text, line });
    } else if (ts.isIdentifier(node)) pieces.push({ kind: 'name', text: node.text, line });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return pieces;
}

function isText(node: ts.Node): node is ts.LiteralLikeNode {
  return (
    ts.isStringLiteral(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddle(node) ||
    ts.isTemplateTail(node)
  );
}

const mostWordings = 256;
const group = /\((?:\?(?::|<\w+>))?([^()]*)\)([?*]|\{0,\d*\})?/;

/** Gives what a pattern lets through in plain words: each alternative by itself, 256 at most, and a space for whatever else may stand there. */
export function wordingsOf(pattern: string): readonly string[] {
  const done: string[] = [];
  const open = [pattern.replaceAll(/\\[()]/g, ' ')];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const found = group.exec(next);
    if (found === null) {
      done.push(...next.split('|').map(plain));
      continue;
    }
    const [whole, inner = '', optional] = found;
    const ways = [...inner.split('|'), ...(optional === undefined ? [] : [''])];
    for (const way of ways.slice(0, Math.max(1, mostWordings - open.length - done.length))) {
      open.push(next.slice(0, found.index) + way + next.slice(found.index + whole.length));
    }
  }
  return done.slice(0, mostWordings);
}

/** Without assertions and classes; escaped characters stand for themselves. */
function plain(pattern: string): string {
  return pattern
    .replaceAll(/\\[bB]|[\^$]/g, '')
    .replaceAll(/\[[^\]]*\][?*+]?|\\[sSdDwW][?*+]?|\.[?*+]+/g, ' ')
    .replaceAll(/\\(.)/g, '$1')
    .replaceAll(/[?*+]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
