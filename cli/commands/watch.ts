import { followEvents } from '../follow-events.ts';
import type { Io } from '../io.ts';
import { cleanJson } from '../render/clean.ts';
import { exitCodeOfReport } from '../render/errors.ts';
import { linkLines, waitForReport } from '../run-investigation.ts';
import { withSession } from '../session.ts';

/** Carries out `holdfast watch`: shows progress until the report is written, then says what came of it. With `json` each event is a line. */
export async function watch(
  io: Io,
  id: string,
  options: { readonly json: boolean },
): Promise<number> {
  return withSession(io, async ({ client }) => {
    const investigation = await client.investigation(id);
    if (options.json) {
      const events = followEvents(client, id, { isLast: (event) => event.type === 'finished' });
      for await (const event of events) io.print(`${cleanJson(event)}\n`);
      return exitCodeOfReport(await client.report(id));
    }
    io.say(await linkLines(client, investigation));
    const report = await waitForReport(io, client, id, io.isLive ? 'tree' : 'lines');
    io.print(`${report.verdict}: ${report.summary}\nThe report: holdfast show ${id}\n`);
    return exitCodeOfReport(report);
  });
}
