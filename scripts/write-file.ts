import { rename, writeFile } from 'node:fs/promises';

/** Writes a file so that a reader sees the old content or the new, never a part. */
export async function writeFileAtomically(
  path: string,
  content: string,
  mode: number,
): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  await writeFile(part, content, { mode });
  await rename(part, path);
}
