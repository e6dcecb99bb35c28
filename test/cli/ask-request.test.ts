import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { askRequest } from '../../cli/ask-request.ts';
import type { Io } from '../../cli/io.ts';
import { waitUntil } from '../support/wait-until.ts';

/** A person at a terminal: each text is typed once the one before has been asked for. */
function person(): {
  readonly io: Parameters<typeof askRequest>[0];
  type(line: string): void;
  said(): string;
} {
  const stdin = new PassThrough();
  const stderr = new PassThrough();
  let said = '';
  stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const io = {
    stdin: stdin as unknown as Io['stdin'],
    stderr: stderr as unknown as Io['stderr'],
    stopped: new AbortController().signal,
  };
  return { io, type: (line) => void stdin.write(`${line}\n`), said: () => said };
}

describe('askRequest', () => {
  test('OS-103 asks for the case, and for a question that may stay empty', async () => {
    const { io, type, said } = person();
    const request = askRequest(io);
    type(' shop-c9e3 ');
    await waitUntil('the question', () => said().includes('Question'));
    type('');
    expect(await request).toEqual({ case: 'shop-c9e3' });
  });

  test('without a case asks about what was received', async () => {
    const { io, type, said } = person();
    const request = askRequest(io);
    type('');
    await waitUntil('the question', () => said().includes('Question'));
    type(' why? ');
    expect(await request).toEqual({ question: 'why?' });
  });

  test('gives up when the person leaves', async () => {
    const { io } = person();
    const request = askRequest(io);
    io.stdin.push(null);
    await expect(request).rejects.toMatchObject({ name: 'AbortError' });
  });
});
