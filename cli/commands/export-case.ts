import { AppError } from '../../core/errors.ts';
import { receiveCase } from '../receive-case.ts';
import type { Io } from '../io.ts';
import { cleanJson } from '../render/clean.ts';
import { withSession } from '../session.ts';

export interface CaseExportOptions {
  readonly out: string;
  readonly investigation?: string;
  readonly since?: string;
  readonly until?: string;
  readonly alertTitle?: string;
  readonly entity?: string;
  readonly json: boolean;
}

/** Carries out `holdfast case export`: what was received of a window, or what an investigation worked on, as a case folder. */
export async function exportCase(io: Io, options: CaseExportOptions): Promise<number> {
  const { out, json, alertTitle, ...asked } = options;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...asked, title: alertTitle })) {
    if (value !== undefined) query.set(name, value);
  }
  return withSession(io, async ({ client }) => {
    const path = `/api/v1/case-export?${query.toString()}`;
    const { body } = await client.download(path, io.stopped);
    if (body === null) throw new AppError('unavailable.api', `GET ${path} had no answer`);
    const received = await receiveCase(body, out);
    if (json) io.print(`${cleanJson({ dir: out, ...received })}\n`);
    else io.print(`${out}: ${received.lines} lines of ${received.kinds.join(', ')}\n`);
    return 0;
  });
}
