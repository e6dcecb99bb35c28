import { constants } from 'node:fs';
import { access, rename, writeFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { AppError } from '../core/errors.ts';
import { renderMarkdown } from '../core/report/render-markdown.ts';
import type { Report } from '../core/schemas/report.ts';

/** Rejects with `invalid.request` when nobody can write a file of this name: better before an investigation than after it. */
export async function checkReportFile(path: string): Promise<void> {
  await access(dirname(path), constants.W_OK).catch((error: unknown) => {
    throw cannotWrite(path, error);
  });
}

/** Writes a report to a file, as Markdown when its name ends in `.md` and else as JSON. Whoever reads the file sees all of the report or none. */
export async function writeReportFile(path: string, report: Report): Promise<void> {
  const isMarkdown = extname(path).toLowerCase() === '.md';
  const text = isMarkdown ? renderMarkdown(report) : `${JSON.stringify(report, null, 2)}\n`;
  const part = `${path}.${process.pid}.part`;
  try {
    await writeFile(part, text);
    await rename(part, path);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

function cannotWrite(path: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AppError('invalid.request', `the report cannot be written to ${path}: ${reason}`, {
    cause,
  });
}
