import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from '../../core/schemas/z.ts';
import { faultSchema } from './faults.ts';
import type { FaultRules, Route } from './faults.ts';

/** What can be asked of Google Cloud, and the route by which it goes wrong. */
export const askedRoutes = {
  logs: 'logging.entries.list',
  changes: 'logging.entries.list',
  metrics: 'monitoring.timeSeries.list',
  promql: 'monitoring.prometheus.query_range',
  spans: 'cloudtrace.traces.list',
  coverage: 'cloudtrace.traces.list',
  outliers: 'bigquery.jobs.insert',
  'outliers-rows': 'bigquery.jobs.getQueryResults',
} as const satisfies Readonly<Record<string, Route>>;
export type Asked = keyof typeof askedRoutes;

const expectedSchema = z.union([
  z.strictObject({
    /** Of the error. */
    code: z.string(),
    /** When it says to ask again; null where it does not say. */
    retryAfterMs: z.number().nullable().default(null),
    /** Words of its message. */
    says: z.string().default(''),
  }),
  z.strictObject({
    /** As many as without the fault, fewer or none. */
    rows: z.enum(['all', 'fewer', 'none']),
    /** Words about what is missing or doubtful; null where nothing is. */
    says: z.string().nullable(),
  }),
]);

/** One way in which Google Cloud goes wrong, and what has to become of a question then. */
const scenarioSchema = z.strictObject({
  about: z.string(),
  asks: z.array(z.enum(Object.keys(askedRoutes) as [Asked, ...Asked[]])).min(1),
  fault: faultSchema,
  /** Requests that it hits; all unless given. */
  times: z.int().min(1).optional(),
  expected: expectedSchema,
});
export type Scenario = z.output<typeof scenarioSchema>;

const folder = join(import.meta.dirname, 'scenarios');

/** Lists the names of all scenarios. */
export function listScenarios(): readonly string[] {
  const names = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return names.map((file) => file.slice(0, -'.json'.length)).toSorted();
}

export function readScenario(name: string): Scenario {
  return scenarioSchema.parse(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')));
}

/** Gives the faults of a scenario, on every route that it asks by. */
export function faultsOf({ asks, fault, times }: Scenario): FaultRules {
  const routes = new Set(asks.map((asked) => askedRoutes[asked]));
  return { faults: [...routes].map((route) => ({ route, fault, after: 0, times })) };
}
