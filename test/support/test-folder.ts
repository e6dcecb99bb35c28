import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'holdfast-test-';
/** No run of tests or measurements takes as long. */
const surelyLeftMs = 86_400_000;

/** Folders of a test file or of a helper, in the temporary folder of the system. */
export interface TestFolders {
  /** Makes an empty one, which the OS user of PostgreSQL may enter too. */
  open(): string;
  /** Removes all of them; to be called also where nothing was made. */
  remove(): void;
}

export function openTestFolder(name: string): TestFolders {
  const made: string[] = [];
  return {
    open: () => {
      const folder = realpathSync(mkdtempSync(join(tmpdir(), `${prefix}${name}-`)));
      made.push(folder);
      chmodSync(folder, 0o755);
      return folder;
    },
    remove: () => {
      for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Removes what runs that were killed have left behind. */
export function removeLeftFolders(): void {
  for (const name of readdirSync(tmpdir()).filter((one) => one.startsWith(prefix))) {
    const folder = join(tmpdir(), name);
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (stats === undefined || Date.now() - stats.mtimeMs < surelyLeftMs) continue;
    rmSync(folder, { recursive: true, force: true });
  }
}
