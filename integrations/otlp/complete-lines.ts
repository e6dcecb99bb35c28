import { copyFile, link, open, readFile, writeFile } from 'node:fs/promises';
import { errorCodeOf } from './error-code.ts';
import type { KeptSegment } from './kept-segments.ts';

const newline = 0x0a;
/** A segment is closed at the latest a minute after it was opened; twice that leaves room for a write under way. */
const surelyClosedMs = 120_000;

/** Puts the complete lines of a segment at `target`, which does not exist; false when it has none, or is there no longer. */
export async function placeLines(
  { file, writtenAt }: KeptSegment,
  target: string,
  nowAt: number,
): Promise<boolean> {
  try {
    if (nowAt - writtenAt > surelyClosedMs && (await endsWithLine(file))) {
      await linkOrCopy(file, target);
      return true;
    }
    const bytes = await readFile(file);
    const length = bytes.lastIndexOf(newline) + 1;
    if (length > 0) await writeFile(target, bytes.subarray(0, length));
    return length > 0;
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return false; // retention took it away meanwhile
    throw error;
  }
}

/** A process that was killed while writing leaves a line that has no end. */
async function endsWithLine(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    return bytesRead === 1 && buffer[0] === newline;
  } finally {
    await handle.close();
  }
}

/** A hard link costs no space and outlives the original; across devices, or where there are none, it is a copy. */
async function linkOrCopy(file: string, target: string): Promise<void> {
  try {
    await link(file, target);
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') throw error;
    await copyFile(file, target);
  }
}
