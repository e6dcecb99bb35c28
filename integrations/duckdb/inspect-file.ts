import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { caseError } from './case-error.ts';
import { errorMessageOf } from './error-facts.ts';

/** What is known of a file before its rows are read. */
export interface Inspected {
  readonly isGzip: boolean;
  /** Unpacked. */
  readonly bytes: number;
}

const maxBytes = 8 * 1_024 ** 3;

async function readMagic(path: string): Promise<{ magic: Buffer; size: number }> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    const { size } = await handle.stat();
    return { magic: buffer.subarray(0, bytesRead), size };
  } finally {
    await handle.close();
  }
}

/** Unpacks a gzip file once, keeping nothing, and gives its length; DuckDB itself would pass over a missing end. */
async function measureGzip(path: string, file: string, signal: AbortSignal): Promise<number> {
  let length = 0;
  const count = new Writable({
    write(chunk: Buffer, _encoding, done) {
      length += chunk.length;
      done(length > maxBytes ? new Error(`it unpacks to more than ${maxBytes} bytes`) : null);
    },
  });
  try {
    await pipeline(createReadStream(path), createGunzip(), count, { signal });
  } catch (error) {
    signal.throwIfAborted();
    const says = `is not a whole gzip file (${errorMessageOf(error)}); was it cut short?`;
    throw caseError({ file }, says, error);
  }
  return length;
}

/** Looks at a data file: whether it is gzipped, by its first bytes, and how large it is. Rejects with `invalid.case` for a broken gzip file. */
export async function inspectFile(
  path: string,
  file: string,
  signal: AbortSignal,
): Promise<Inspected> {
  const { magic, size } = await readMagic(path);
  const isGzip = magic.length === 2 && magic[0] === 0x1f && magic[1] === 0x8b;
  return { isGzip, bytes: isGzip ? await measureGzip(path, file, signal) : size };
}

/** The bytes of a data file, unpacked. */
export async function* readBytes(path: string, isGzip: boolean): AsyncGenerator<Uint8Array> {
  const raw = createReadStream(path);
  const bytes: Readable = isGzip ? raw.pipe(createGunzip()) : raw;
  try {
    for await (const chunk of bytes) if (chunk instanceof Uint8Array) yield chunk;
  } finally {
    raw.destroy();
    bytes.destroy();
  }
}
