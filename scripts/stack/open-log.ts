import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const largestBytes = 5 * 1_024 * 1_024;

/** Takes what a process prints. */
export type Log = (chunk: string | Uint8Array) => void;

/**
 * Opens a log file that stays below 5 MB: what is older goes to `PATH.1`, and what was there is dropped. A full disk loses lines, never the
 * process that writes them.
 */
export function openLog(path: string): Log {
  mkdirSync(dirname(path), { recursive: true });
  let bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return (chunk) => {
    try {
      if (bytes > largestBytes) {
        renameSync(path, `${path}.1`);
        bytes = 0;
      }
      appendFileSync(path, chunk, { mode: 0o600 });
      bytes += chunk.length;
    } catch {
      // a log is not worth a crash
    }
  };
}
