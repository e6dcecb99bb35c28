import { z } from './z.ts';

/** What a comparison needs of the score of an earlier run, as `holdfast score --json` printed it. */
export const earlierScoreSchema = z.object({
  version: z.literal(1),
  cases: z.array(z.object({ case: z.string(), isRight: z.boolean() })),
});
