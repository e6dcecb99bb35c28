import { isAppError } from '../../core/errors.ts';
import type { Report } from '../../core/schemas/report.ts';
import type { Client } from '../client.ts';
import type { Io } from '../io.ts';
import { clean, cleanJson } from '../render/clean.ts';
import { reportText } from '../report-text.ts';
import { withSession } from '../session.ts';

/** Carries out `holdfast show`: prints the report, or how far the investigation is when there is none yet. */
export async function show(
  io: Io,
  id: string,
  options: { readonly json: boolean },
): Promise<number> {
  return withSession(io, async ({ client }) => {
    const report = await reportIfWritten(client, id);
    if (report !== null) {
      io.print(options.json ? `${cleanJson(report)}\n` : await reportText(io, client, report));
      return 0;
    }
    const investigation = await client.investigation(id);
    const { status, phase, percent, title } = investigation;
    io.print(
      options.json
        ? `${cleanJson(investigation)}\n`
        : `${id}  ${status}, ${phase ?? 'not begun'}, ${percent} %  ${clean(title)}\n`,
    );
    return 0;
  });
}

async function reportIfWritten(client: Client, id: string): Promise<Report | null> {
  try {
    return await client.report(id);
  } catch (error) {
    if (isAppError(error) && error.code === 'not-found.report') return null;
    throw error;
  }
}
