const maxParsedLength = 8_000;
const maxTextLength = 2_000;
const textFields = ['message', 'msg', 'event', 'log', 'error', 'text'];

/**
 * Returns what a log line says: the message field of a body that is a JSON object, else the body's first line that is not empty, cut to 2,000
 * characters. A stack trace below the first line says where, not what, and is different in every release.
 */
export function logText(body: string): string {
  const start = firstVisible(body);
  if (body.charCodeAt(start) === 123 && body.length - start <= maxParsedLength) {
    const text = messageOf(body.slice(start));
    if (text !== null) return logText(text);
  }
  const end = body.indexOf('\n', start);
  const limit = start + maxTextLength;
  return body.slice(start, end < 0 ? limit : Math.min(end, limit)).trimEnd();
}

/** Copies a text that is kept: a piece of a longer text would keep the whole of it. */
export function ownCopy(text: string): string {
  return text.split('').join('');
}

function firstVisible(body: string): number {
  let index = 0;
  while (index < body.length && body.charCodeAt(index) <= 32) index += 1;
  return index;
}

function messageOf(body: string): string | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    // A body that only looks like JSON is text like any other.
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  const fields = new Map<string, unknown>(Object.entries(parsed));
  for (const field of textFields) {
    const value = fields.get(field);
    if (typeof value === 'string' && value !== '' && value.length < body.length) return value;
  }
  return null;
}
