import { AppError } from '../../core/errors.ts';
import type { Client } from '../client.ts';
import type { Io } from '../io.ts';
import { cleanJson } from '../render/clean.ts';
import { pageLink } from '../run-investigation.ts';
import { withSession } from '../session.ts';

/** Carries out `holdfast link`: prints a link to the page of an investigation, by default the newest. Its code is good for once, within ten minutes. */
export async function link(
  io: Io,
  given: string | undefined,
  options: { readonly json: boolean },
): Promise<number> {
  return withSession(io, async ({ client }) => {
    const id = given ?? (await newest(client));
    const url = await pageLink(client, id);
    io.print(options.json ? `${cleanJson({ id, url })}\n` : `${url}\n`);
    return 0;
  });
}

async function newest(client: Client): Promise<string> {
  const [first] = (await client.list({ limit: 1 })).investigations;
  if (first !== undefined) return first.id;
  throw new AppError('not-found.investigation', 'there is no investigation yet');
}
