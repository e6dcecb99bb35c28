import { AppError } from '../../core/errors.ts';

/** What could close, in one reading of single quotes or another, what a query does not open. */
const doubtfulInSingleQuotes = /[()"\\]|--/;

/**
 * Refuses with `invalid.query` a query in the Logging query language that would not stay within the parentheses it is put into: one whose own do not balance, or
 * whose end a comment or an open quote would swallow. What it says is for the backend to judge.
 */
export function checkLogQuery(text: string): void {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    switch (text[index]) {
      case '(':
        depth += 1;
        break;
      case ')':
        depth -= 1;
        if (depth < 0)
          refuse(`closes at character ${index + 1} a parenthesis that it did not open`);
        break;
      case '"':
        index = endOfText(text, index);
        break;
      case "'":
        index = endOfSingleQuotes(text, index);
        break;
      case '\\':
        refuse(`has a backslash at character ${index + 1}, outside of double quotes`);
        break;
      case '-':
        if (text[index + 1] === '-') refuse(`has a comment (--) at character ${index + 1}`);
        break;
      default:
    }
  }
  if (depth > 0) refuse(`leaves ${depth} of its parentheses open`);
}

/** The place of the quote that closes the one at `start`. */
function endOfText(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === '"') return index;
  }
  return refuse(`leaves the quote at character ${start + 1} open`);
}

/** Texts stand in double quotes; single ones are let through where it does not matter whether they are quotes. */
function endOfSingleQuotes(text: string, start: number): number {
  const end = text.indexOf("'", start + 1);
  if (end < 0) refuse(`leaves the quote at character ${start + 1} open`);
  if (doubtfulInSingleQuotes.test(text.slice(start, end))) {
    refuse(`has at character ${start + 1} a text in single quotes that needs double ones`);
  }
  return end;
}

function refuse(what: string): never {
  throw new AppError(
    'invalid.query',
    `the query was not sent to Cloud Logging: in the Logging query language it ${what}`,
  );
}
