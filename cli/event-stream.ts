const longestEventChars = 1_000_000;

/** One message of a `text/event-stream`. */
export interface StreamMessage {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/**
 * Reads server-sent events from a response body. Ends when the body does; rejects with what broke it. Comments are passed over. Source: HTML Living
 * Standard, 9.2.6.
 */
export async function* readEventStream(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<StreamMessage> {
  const decoder = new TextDecoder();
  let rest = '';
  let fields: { id: string; event: string; data: string[] } = { id: '', event: '', data: [] };
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    if (rest.length > longestEventChars) throw new Error('an event of the stream is too long');
    // A carriage return at the very end may be the first half of a line end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') {
        readField(line, fields);
        continue;
      }
      if (fields.data.length > 0) {
        yield { id: fields.id, event: fields.event || 'message', data: fields.data.join('\n') };
      }
      fields = { id: fields.id, event: '', data: [] };
    }
  }
}

function readField(line: string, fields: { id: string; event: string; data: string[] }): void {
  const colon = line.indexOf(':');
  if (colon === 0) return;
  const name = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
  if (name === 'data') fields.data.push(value);
  if (name === 'event') fields.event = value;
  if (name === 'id') fields.id = value;
}
