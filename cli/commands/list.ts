import type { Investigation } from '../../core/schemas/investigation.ts';
import type { Io } from '../io.ts';
import { clean, cleanJson } from '../render/clean.ts';
import { table } from '../render/table.ts';
import { withSession } from '../session.ts';

export interface ListOptions {
  readonly limit: number;
  readonly status?: string;
  readonly json: boolean;
}

const longestTitle = 60;

/** Carries out `holdfast list`: the newest investigations, one a line, with what each has found or how far it is. */
export async function list(io: Io, { json, ...query }: ListOptions): Promise<number> {
  return withSession(io, async ({ client }) => {
    const page = await client.list(query);
    if (json) io.print(`${cleanJson(page)}\n`);
    else if (page.investigations.length > 0) io.print(table(page.investigations.map(row)));
    else io.say('No investigations.\n');
    return 0;
  });
}

function row(one: Investigation): readonly string[] {
  const title = clean(one.title);
  return [
    one.id,
    one.createdAt.slice(0, 19).replace('T', ' '),
    one.status === 'running' ? `${one.percent} %` : one.status,
    one.waitingFor === null ? (one.verdict ?? '') : `waits for ${clean(one.waitingFor.what)}`,
    clean(one.case ?? ''),
    title.length > longestTitle ? `${title.slice(0, longestTitle - 1)}…` : title,
  ];
}
