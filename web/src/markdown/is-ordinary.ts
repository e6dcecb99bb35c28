const mostMarks = 4_000;
/** A line that opens twenty quotes or lists within each other. */
const deepNest = /^(?:[ \t]*(?:>|(?:[*+-]|\d{1,9}[.)])[ \t])){20}/m;

/**
 * Whether a text is Markdown as people write it. Over thousands of marks of emphasis, or lists within lists, the parser would take minutes or
 * run out of stack.
 */
export function isOrdinary(text: string): boolean {
  const marks = text.match(/[*_~]/g)?.length ?? 0;
  return marks <= mostMarks && !deepNest.test(text);
}
