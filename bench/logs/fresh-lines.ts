import type { LabelledLog } from './read-systems.ts';

/** Makes one more line of each labelled one: the same words with other numbers in its parameters. */
export type FreshenLines = (round: number) => readonly string[];

type Part = { readonly text: string; readonly isParameter: boolean };

/**
 * Prepares fresh repetitions of labelled logs. What stands where the label has a wildcard is a parameter: each digit in it is drawn anew. Lines that do not
 * read as their label stay as they are. The same round gives the same lines.
 */
export function prepareFreshLines(logs: readonly LabelledLog[]): FreshenLines {
  const lines = logs.flatMap((log) =>
    log.lines.map(({ text, template }) => splitParameters(text, template)),
  );
  return (round) => {
    let state = round + 1;
    const digit = (): string => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return String(Math.floor((state / 2 ** 32) * 10));
    };
    return lines.map((parts) =>
      parts
        .map(({ text, isParameter }) => (isParameter ? text.replaceAll(/\d/gu, digit) : text))
        .join(''),
    );
  };
}

/** Finds the parameters of a line from left to right, each as short as it can be. */
function splitParameters(text: string, template: string): readonly Part[] {
  const constants = template.split('<*>').map((one) => one.trim());
  const parts: Part[] = [];
  let from = 0;
  for (const [index, constant] of constants.entries()) {
    const isLast = index === constants.length - 1;
    const at = isLast && index > 0 ? text.length - constant.length : text.indexOf(constant, from);
    if (at < from || !text.startsWith(constant, at)) return [{ text, isParameter: false }];
    parts.push({ text: text.slice(from, at), isParameter: true });
    parts.push({ text: constant, isParameter: false });
    from = at + constant.length;
  }
  return parts;
}
