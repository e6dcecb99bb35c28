import { logText } from './log-text.ts';
import { maskLine } from './mask-line.ts';

/** What stands for lines of which there were too many kinds. */
export const otherLines = '(other lines)';

/** What stands for the lines of a stack trace that were written one by one. */
export const stackFrames = '(stack frames)';

/** The kind of a log line: its text with what varies masked. All frames of stack traces are one kind. */
export function maskBody(body: string): string {
  const text = logText(body);
  return isStackFrame(text) ? stackFrames : maskLine(text);
}

/** Whether a line is a frame of a stack trace of Java, JavaScript, .NET, Python or Go. */
function isStackFrame(text: string): boolean {
  switch (text.charAt(0)) {
    case 'a':
      return (
        text.startsWith('at ') &&
        (text.endsWith(')') || text.includes(':line ') || endsInLine(text))
      );
    case '.':
      return text.startsWith('... ') && text.endsWith(' more');
    case 'F':
      return text.startsWith('File "') && text.includes('", line ');
    case '/':
      return text.includes('.go:') && !text.slice(0, text.indexOf('.go:')).includes(' ');
    default:
      return false;
  }
}

/** Whether a text ends in a colon and a number. */
function endsInLine(text: string): boolean {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) >= 48 && text.charCodeAt(end - 1) <= 57) end -= 1;
  return end < text.length && text.charCodeAt(end - 1) === 58;
}
