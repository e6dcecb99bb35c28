import type { Nodes, Root } from 'hast';

/** The level of the title that stands above a document. */
const titleLevel = 3;
const deepestLevel = 6;

/**
 * Makes a document part of the page around it: its headings go on below those of the page with no level left out, and it has no ids, which might be
 * those of the page.
 */
export function fitIntoPage() {
  return (document: Root): void => {
    const open: number[] = [];
    const fit = (node: Nodes): void => {
      if (node.type === 'element') {
        const { id: _, ...properties } = node.properties;
        node.properties = properties;
        const level = /^h([1-6])$/.exec(node.tagName)?.[1];
        if (level !== undefined) node.tagName = `h${levelBelow(open, Number(level))}`;
      }
      if ('children' in node) node.children.forEach(fit);
    };
    fit(document);
  };
}

/** Closes the headings that a further one of this level ends, opens it, and gives its level on the page. */
function levelBelow(open: number[], level: number): number {
  while ((open.at(-1) ?? 0) >= level) open.pop();
  open.push(level);
  return Math.min(titleLevel + open.length, deepestLevel);
}
