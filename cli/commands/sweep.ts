import type { Io } from '../io.ts';
import { cleanJson } from '../render/clean.ts';
import { withSession } from '../session.ts';

export interface SweepOptions {
  readonly slo?: string;
  readonly case?: string;
  readonly json: boolean;
}

/** Carries out `holdfast sweep`: evaluates the SLOs once, as the schedule does, and prints what came of it. */
export async function sweep(io: Io, options: SweepOptions): Promise<number> {
  return withSession(io, async ({ client }) => {
    const answer = await client.send('POST', '/api/v1/slos/sweep', {});
    io.print(`${cleanJson(answer, options.json ? undefined : 2)}\n`);
    return 0;
  });
}
