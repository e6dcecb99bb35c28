import type { Io } from '../io.ts';
import { clean, cleanJson } from '../render/clean.ts';
import { withSession } from '../session.ts';

/** Carries out `holdfast cancel`: asks an investigation to end. Its report, of what was found so far, comes within seconds. */
export async function cancel(
  io: Io,
  id: string,
  options: { readonly json: boolean },
): Promise<number> {
  return withSession(io, async ({ client }) => {
    const investigation = await client.cancel(id);
    if (options.json) io.print(`${cleanJson(investigation)}\n`);
    else io.print(`${clean(id)} has been asked to end: holdfast watch ${clean(id)}\n`);
    return 0;
  });
}
