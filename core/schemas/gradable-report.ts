import { z } from './z.ts';
import { reportSchema } from './report.ts';

const { shape } = reportSchema;

/**
 * What a report must say to be graded: case, verdict, causes and ranking. All else is used where it is there, so that other programs can be graded without
 * writing a whole report; every report of ours is one of these, but for a `case` of null.
 */
export const gradableReportSchema = z.object({
  investigationId: z.string().default(''),
  case: z.string().min(1),
  status: shape.status.default('completed'),
  verdict: shape.verdict,
  summary: z.string().default(''),
  onset: shape.onset.default(null),
  causes: z.array(
    shape.causes.element.pick({ entity: true, faultKind: true }).extend({
      faultKind: shape.causes.element.shape.faultKind.default('unknown'),
      changeId: z.string().nullable().default(null),
      confidence: z.number().min(0).max(1).nullable().default(null),
    }),
  ),
  ranking: z.array(shape.ranking.element.pick({ entity: true, score: true })),
  affected: shape.affected.default([]),
  chain: shape.chain.default([]),
  ruledOut: shape.ruledOut.default([]),
  gaps: shape.gaps.default([]),
  actions: shape.actions.default([]),
  claims: shape.claims.default([]),
  iterations: shape.iterations.default([]),
  cost: shape.cost.pick({ wallMs: true, peakMemoryBytes: true }).partial().default({}),
});
export type GradableReport = z.output<typeof gradableReportSchema>;
