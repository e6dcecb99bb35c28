import { metricSelectorSchema } from '../../core/schemas/slo.ts';
import { z } from '../../core/schemas/z.ts';

const unsupported = z.never('is not supported').optional();

/** The one kind of metric source that can be read: series of the telemetry under investigation. */
const metricSchema = z.strictObject({
  metricSource: z.strictObject({
    metricSourceRef: unsupported,
    type: z.literal('holdfast', 'must be "holdfast": no other source can be read'),
    spec: metricSelectorSchema,
  }),
});

const ratioMetricSchema = z
  .strictObject({
    counter: z.boolean().optional(),
    good: metricSchema.optional(),
    bad: metricSchema.optional(),
    total: metricSchema,
  })
  .refine(({ good, bad }) => (good === undefined) !== (bad === undefined), {
    error: 'needs exactly one of "good" and "bad"',
  });

const indicatorSchema = z
  .strictObject({
    ratioMetric: ratioMetricSchema.optional(),
    thresholdMetric: metricSchema.optional(),
  })
  .refine((spec) => (spec.ratioMetric === undefined) !== (spec.thresholdMetric === undefined), {
    error: 'needs exactly one of "ratioMetric" and "thresholdMetric"',
  });

const metadataSchema = z.strictObject({
  name: z.string(),
  displayName: z.string().optional(),
  labels: z.record(z.string(), z.unknown()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});

const objectiveSchema = z
  .strictObject({
    displayName: z.string().optional(),
    op: z.enum(['lt', 'lte', 'gt', 'gte']).optional(),
    value: z.number().optional(),
    target: z.number().optional(),
    targetPercent: z.number().optional(),
  })
  .refine((one) => (one.target === undefined) !== (one.targetPercent === undefined), {
    error: 'needs exactly one of "target" and "targetPercent"',
  });

const windowSchema = z.strictObject({
  duration: z.string().regex(/^[1-9][0-9]{0,3}[dw]$/, 'must be whole days or weeks, as "30d"'),
  isRolling: z.literal(true, 'must be true: calendar windows are not supported'),
  calendar: unsupported,
});

/**
 * The part of OpenSLO v1 that is understood: kind SLO, one rolling window, one objective, occurrences, and an indicator in place. Everything
 * else is refused rather than passed over.
 */
export const openSloSchema = z
  .strictObject({
    apiVersion: z.literal('openslo/v1', 'must be "openslo/v1"'),
    kind: z.literal('SLO', 'must be "SLO"'),
    metadata: metadataSchema,
    spec: z.strictObject({
      description: z.string().max(2_000).optional(),
      service: z.string(),
      indicatorRef: unsupported,
      indicator: z.strictObject({ metadata: metadataSchema, spec: indicatorSchema }),
      timeWindow: z.tuple([windowSchema], 'must hold exactly one window'),
      budgetingMethod: z.literal('Occurrences', 'must be "Occurrences"'),
      objectives: z.tuple([objectiveSchema], 'must hold exactly one objective: one budget an SLO'),
      alertPolicies: z
        .array(z.never('is not supported: the burn windows are fixed'))
        .nullable()
        .optional(),
    }),
  })
  .superRefine(({ spec }, context) => {
    const isThreshold = spec.indicator.spec.thresholdMetric !== undefined;
    for (const field of ['op', 'value'] as const) {
      if ((spec.objectives[0][field] !== undefined) === isThreshold) continue;
      context.addIssue({
        code: 'custom',
        path: ['spec', 'objectives', 0, field],
        message: isThreshold ? 'is needed with a thresholdMetric' : 'belongs to a thresholdMetric',
      });
    }
  });
export type OpenSlo = z.infer<typeof openSloSchema>;
