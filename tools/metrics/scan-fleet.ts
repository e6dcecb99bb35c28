import { rounded } from '../../core/observation.ts';
import type { FleetOutlier } from '../../core/ports/telemetry.ts';
import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import { cutText, draftEvidence } from '../draft-evidence.ts';
import { tableData } from '../evidence-data.ts';

const maxOutliers = 100;
const maxServices = 12;
const maxNotes = 4;
/** Robust standard deviations below which a series is no outlier. */
const leastScore = 3;

function nameOf({ metric, statistic }: FleetOutlier): string {
  return statistic === null ? metric : `${metric} ${statistic}`;
}

function sayOutlier(one: FleetOutlier): string {
  const levels = `${rounded(one.before)} → ${rounded(one.after)} ${one.unit ?? ''}`.trim();
  return cutText(`${one.service} ${nameOf(one)}: ${levels} (score ${one.score.toFixed(1)})`, 240);
}

/** Looks over a whole fleet in one query of the warehouse for the services that are worth a closer look. */
export const scanFleet = defineTool({
  name: 'scan-fleet',
  description:
    'Finds, in one query of the warehouse, the services of the whole fleet whose metrics are farthest from what they were before the suspected onset. Says which services to look at closely with scan-metrics and inspect-metrics; only where there is a warehouse.',
  input: z.strictObject({}),
  effect: 'read',
  needs: 'warehouse',
  timeoutMs: 90_000,
  run: async (_input, { telemetry, window, suspected, signal, callKey }) => {
    if (telemetry.warehouse === undefined) {
      return {
        ok: false,
        code: 'not-found.data',
        message: 'there is no warehouse to look over the fleet with',
        hint: 'Call scan-metrics.',
      };
    }
    const read = await telemetry.warehouse.findOutliers(
      {
        window,
        suspectedAt: suspected.earliestAt,
        limit: maxOutliers,
        callKey: callKey ?? `${window.startAt}/${window.endAt}/${suspected.earliestAt}`,
      },
      signal,
    );
    const outliers = read.rows.filter(({ score }) => score >= leastScore);
    const services = [...new Set(outliers.map(({ service }) => service))];
    return {
      ok: true,
      digest: {
        coverage: [
          {
            kind: 'fleet',
            rows: outliers.length,
            services: services.slice(0, maxServices).map((name) => cutText(name, 120)),
          },
        ],
        notes: [
          `${outliers.length} series of ${services.length} services are outliers`,
          ...outliers.slice(0, maxNotes).map(sayOutlier),
        ],
        ...(read.truncated === null ? {} : { truncated: read.truncated }),
      },
      evidence: [
        draftEvidence({
          key: 'fleet',
          kind: 'metrics',
          title: 'Outliers of the fleet, strongest difference first',
          read,
          window,
          view: 'table',
          data: tableData(
            ['service', 'series', 'before', 'after', 'unit', 'score', 'samples'],
            outliers.map((one) => [
              one.service,
              nameOf(one),
              rounded(one.before),
              rounded(one.after),
              one.unit,
              rounded(one.score),
              one.support,
            ]),
          ),
        }),
      ],
    };
  },
});
