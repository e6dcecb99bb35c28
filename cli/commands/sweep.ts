import { z } from '../../core/schemas/z.ts';
import type { Io } from '../io.ts';
import { clean, cleanJson } from '../render/clean.ts';
import { table } from '../render/table.ts';
import { withSession } from '../session.ts';

export interface SweepOptions {
  readonly json: boolean;
}

const sweepSchema = z.object({
  evaluated: z.int(),
  burning: z.int(),
  opened: z.array(z.string()),
});
const evaluationsSchema = z.object({
  evaluations: z.array(
    z.object({ slo: z.string(), state: z.string(), at: z.string(), detail: z.json() }),
  ),
});
const mostShown = 500;

/** Carries out `holdfast sweep`: evaluates every SLO once, as the schedule does, and prints what was found and which investigations it opened. */
export async function sweep(io: Io, options: SweepOptions): Promise<number> {
  return withSession(io, async ({ client }) => {
    const result = sweepSchema.parse(await client.send('POST', '/api/v1/slos/sweep', {}));
    const limit = Math.min(mostShown, Math.max(1, result.evaluated));
    const { evaluations } = evaluationsSchema.parse(
      await client.send('GET', `/api/v1/slos/evaluations?limit=${limit}`),
    );
    if (options.json) {
      io.print(`${cleanJson({ ...result, evaluations })}\n`);
      return 0;
    }
    io.print(table(evaluations.map(({ slo, state, at }) => [clean(slo), clean(state), at])));
    io.print(`${result.evaluated} evaluated, ${result.burning} burning\n`);
    for (const id of result.opened) io.print(`opened ${clean(id)}: holdfast watch ${clean(id)}\n`);
    return 0;
  });
}
