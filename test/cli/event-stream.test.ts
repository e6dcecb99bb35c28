import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readEventStream, type StreamMessage } from '../../cli/event-stream.ts';

async function read(chunks: readonly Uint8Array[]): Promise<readonly StreamMessage[]> {
  async function* body(): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }
  const messages: StreamMessage[] = [];
  for await (const message of readEventStream(body())) messages.push(message);
  return messages;
}

const text =
  ': hello\n\nid: 1\nevent: progress\ndata: {"a":1}\n\nid:2\r\ndata: one\r\ndata:two ä\r\n\r\ndata: cut off';
const expected = [
  { id: '1', event: 'progress', data: '{"a":1}' },
  { id: '2', event: 'message', data: 'one\ntwo ä' },
];

describe('readEventStream', () => {
  test('gives each message once it is whole, and no message that was cut off', async () => {
    await expect(read([new TextEncoder().encode(text)])).resolves.toEqual(expected);
  });

  test('does not depend on where the network cuts the stream', async () => {
    const bytes = new TextEncoder().encode(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, index) => bytes.slice(places[index], end));
        await expect(read(chunks)).resolves.toEqual(expected);
      }),
    );
  });

  test('refuses a message without bounds', async () => {
    const chunks = Array.from({ length: 12 }, () => new Uint8Array(100_000).fill(120));
    await expect(read(chunks)).rejects.toThrow('too long');
  });
});
