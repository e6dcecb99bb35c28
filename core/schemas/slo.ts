import { z } from './z.ts';

/**
 * Which series of a backend to read: those of `metric` from `service` whose attributes hold every entry of `attributes`. An absent service
 * takes every service's, an absent statistic (`p95`, `count` ...) every one.
 */
export const metricSelectorSchema = z.strictObject({
  metric: z.string().min(1).max(200),
  service: z.string().min(1).max(200).optional(),
  statistic: z.string().min(1).max(50).optional(),
  attributes: z.record(z.string().max(200), z.string().max(200)).default({}),
});
export type MetricSelector = Readonly<z.infer<typeof metricSelectorSchema>>;

/**
 * What is measured. `ratio` divides counted events by all events, and `counts` says whether the counted ones are the good or the bad.
 * `threshold` first turns every sample of a gauge into one event, good when `sample comparison threshold` holds.
 */
const sliSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ratio'),
    counts: z.enum(['good', 'bad']),
    counted: metricSelectorSchema,
    total: metricSelectorSchema,
  }),
  z.object({
    kind: z.literal('threshold'),
    measured: metricSelectorSchema,
    comparison: z.enum(['lt', 'lte', 'gt', 'gte']),
    threshold: z.number(),
  }),
]);
export type Sli = Readonly<z.infer<typeof sliSchema>>;

/**
 * One objective for one SLI over one rolling window, so one error budget. `objective` is a ratio in (0, 1). Windows of less than a week are
 * refused: the burn-rate factors would fall to 1 and below, where a budget that is spent as planned would page.
 */
export const sloSchema = z
  .object({
    name: z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/),
    service: z.string().min(1).max(200),
    objective: z.number().gt(0).lt(1),
    windowDays: z.number().int().min(7).max(90),
    sli: sliSchema,
  })
  .meta({ id: 'Slo', description: 'An objective for a measured ratio over a rolling window.' });
export type Slo = Readonly<z.infer<typeof sloSchema>>;
