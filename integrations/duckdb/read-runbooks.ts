import { readFile, stat } from 'node:fs/promises';
import type { Read, RecordsQuery, Runbook } from '../../core/ports/telemetry.ts';
import { caseError } from './case-error.ts';
import { checkInside } from './find-files.ts';
import type { CaseFile } from './read-case.ts';

const maxBytes = 262_144;

function titleOf(file: string, text: string): string {
  const heading = /^#{1,6}\s+(.+?)\s*#*\s*$/m.exec(text)?.[1];
  return (heading ?? file.split('/').at(-1) ?? file).slice(0, 200);
}

async function readRunbook(root: string, { file }: CaseFile): Promise<Runbook> {
  const path = await checkInside({ root, place: { file } }, file);
  const { size } = await stat(path);
  if (size > maxBytes) throw caseError({ file }, `is larger than ${maxBytes} bytes`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
    const plain = text.replaceAll('\0', '\uFFFD');
    return { file, title: titleOf(file, plain), text: plain };
  } catch (error) {
    throw caseError({ file }, 'is not text in UTF-8', error);
  }
}

/** Reads the runbooks of a case in the order of the manifest. Rejects with `invalid.case` for one that is no text or larger than 256 KB. */
export async function readRunbooks(
  root: string,
  files: readonly CaseFile[] | null,
  { limit }: RecordsQuery,
  abort: AbortSignal,
): Promise<Read<Runbook>> {
  abort.throwIfAborted();
  if (files === null) {
    const query = 'no runbooks in incident.yaml';
    return { rows: [], query, source: 'incident.yaml', truncated: null };
  }
  const wanted = files.slice(0, limit);
  const rows: Runbook[] = [];
  for (const file of wanted) rows.push(await readRunbook(root, file));
  return {
    rows,
    query: `read ${wanted.length} Markdown files`,
    source:
      wanted
        .map(({ file }) => file)
        .join(', ')
        .slice(0, 480) || 'no files',
    truncated:
      files.length > limit ? `${files.length - limit} of ${files.length} runbooks not read` : null,
  };
}
