import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of one test file, which the OS user of PostgreSQL may enter too. */
export function openTestFolder(name: string): {
  open(): Promise<string>;
  remove(): Promise<void>;
} {
  let folder: string | null = null;
  return {
    open: async () => {
      folder = await mkdtemp(join(tmpdir(), `holdfast-${name}-`));
      await chmod(folder, 0o755);
      return folder;
    },
    remove: async () => {
      if (folder !== null) await rm(folder, { recursive: true, force: true });
    },
  };
}
