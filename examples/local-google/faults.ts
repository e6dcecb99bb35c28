import { z } from '../../core/schemas/z.ts';

/** The routes of this server, by the name of the method in Google's documentation. */
export const routes = [
  'logging.entries.list',
  'monitoring.timeSeries.list',
  'monitoring.metricDescriptors.list',
  'monitoring.prometheus.query_range',
  'cloudtrace.traces.list',
  'cloudtrace.traces.get',
  'cloudtrace.traces.patch',
  'bigquery.jobs.insert',
  'bigquery.jobs.getQueryResults',
  'bigquery.jobs.get',
  'bigquery.jobs.cancel',
] as const;
export type Route = (typeof routes)[number];

export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('quota'), retrySeconds: z.number().min(0).default(1) }),
  z.strictObject({ kind: z.literal('permission-denied'), permission: z.string() }),
  z.strictObject({ kind: z.literal('api-disabled'), service: z.string() }),
  z.strictObject({ kind: z.literal('quota-project') }),
  z.strictObject({ kind: z.literal('deadline-exceeded') }),
  z.strictObject({ kind: z.literal('unavailable') }),
  /** Answers after so long. */
  z.strictObject({ kind: z.literal('slow'), delayMs: z.number().min(0) }),
  /** Never answers. */
  z.strictObject({ kind: z.literal('hang') }),
  /** Answers with HTML and 502; over gRPC with INTERNAL. */
  z.strictObject({ kind: z.literal('malformed') }),
  /** Every page is empty and names another one. */
  z.strictObject({ kind: z.literal('endless-pages') }),
  /** The page is empty and names the one that was asked for. */
  z.strictObject({ kind: z.literal('empty-pages') }),
  /** Answers with JSON that has nothing in its place; REST only. */
  z.strictObject({ kind: z.literal('other-shape') }),
  /** Starts and ends of a service's spans are moved by so much. */
  z.strictObject({
    kind: z.literal('clock'),
    service: z.string(),
    startMs: z.number(),
    endMs: z.number(),
  }),
  /** The job that is asked of has ended in this error, for good; `jobs.getQueryResults` only. */
  z.strictObject({
    kind: z.literal('job-error'),
    reason: z.enum(['backendError', 'jobBackendError', 'rateLimitExceeded', 'invalidQuery']),
  }),
  /** Part of the answer is missing, and the answer says so. */
  z.strictObject({ kind: z.literal('partial') }),
]);
export type Fault = z.output<typeof faultSchema>;

const ruleSchema = z.strictObject({
  route: z.enum(routes),
  fault: faultSchema,
  /** Requests that go well before; none unless given. */
  after: z.int().min(0).default(0),
  /** Requests that it hits; all unless given. */
  times: z.int().min(1).optional(),
});

/** Which requests go wrong, and how. */
export const faultRulesSchema = z.strictObject({ faults: z.array(ruleSchema).max(50) });
export type FaultRules = z.output<typeof faultRulesSchema>;

/** Decides for each request whether something goes wrong with it. */
export interface Faults {
  next(route: Route): Fault | null;
  replace(rules: FaultRules): void;
}

export function createFaults(rules: FaultRules): Faults {
  let current = rules;
  let seen = new Map<FaultRules['faults'][number], number>();
  return {
    next: (route) => {
      for (const rule of current.faults.filter((one) => one.route === route)) {
        const count = seen.get(rule) ?? 0;
        seen.set(rule, count + 1);
        if (count >= rule.after && count < rule.after + (rule.times ?? Infinity)) return rule.fault;
      }
      return null;
    },
    replace: (next) => {
      current = next;
      seen = new Map();
    },
  };
}
