import { open } from 'node:fs/promises';
import { AppError } from '../../core/errors.ts';
import type { Slo } from '../../core/schemas/slo.ts';
import { parseOpenSlo } from './parse-openslo.ts';

const mostBytes = 256 * 1_024;

/**
 * Reads the SLOs of an OpenSLO v1 file of at most 256 KB. Rejects with `invalid.slo`, which names file, line and field, when it cannot be read or
 * understood in full.
 */
export async function readOpenSlo(file: string): Promise<readonly Slo[]> {
  return parseOpenSlo(await readText(file), file);
}

async function readText(file: string): Promise<string> {
  const { buffer, bytesRead } = await readStart(file).catch((error: unknown) => {
    const because = error instanceof Error ? error.message : String(error);
    throw new AppError('invalid.slo', `${file}: cannot be read: ${because}`, { cause: error });
  });
  if (bytesRead > mostBytes) {
    throw new AppError('invalid.slo', `${file}: is longer than ${mostBytes} bytes`);
  }
  return new TextDecoder().decode(buffer.subarray(0, bytesRead));
}

async function readStart(file: string): Promise<{ buffer: Uint8Array; bytesRead: number }> {
  const handle = await open(file, 'r');
  try {
    return await handle.read(new Uint8Array(mostBytes + 1));
  } finally {
    await handle.close();
  }
}
