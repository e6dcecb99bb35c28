import { open } from 'node:fs/promises';

/** Enough for the time of the first item of a line; a line may be megabytes. */
const headBytes = 65_536;
const instant = /"(?:startTimeUnixNano|timeUnixNano)":\s*"?([1-9]\d{15,18})(?!\d)/;

/** Gives the first instant that a file of OTLP JSON names, in whole epoch milliseconds; NaN when it names none near its beginning. */
export async function firstInstant(file: string): Promise<number> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const nanos = instant.exec(buffer.toString('latin1', 0, bytesRead))?.[1];
    return nanos === undefined ? Number.NaN : Math.floor(Number(nanos) / 1e6);
  } finally {
    await handle.close();
  }
}
