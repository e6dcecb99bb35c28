import { openTestFolder } from '../../support/test-folder.ts';

/** Runs `work` with a fresh folder and removes it afterwards. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = openTestFolder('identity');
  try {
    return await work(folder.open());
  } finally {
    folder.remove();
  }
}
