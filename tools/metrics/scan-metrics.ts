import type { MetricShift } from '../../core/analysis/metrics/service-metrics.ts';
import type { Aspect } from '../../core/schemas/digest.ts';
import { entityOf, rounded, roundedScore } from '../../core/observation.ts';
import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import { compareMetrics, leastScore, metricObservation } from '../compare-metrics.ts';
import { draftEvidence } from '../draft-evidence.ts';
import { observedData } from '../observed-data.ts';
import { tableData } from '../evidence-data.ts';

const byName: ReadonlySet<Aspect> = new Set<Aspect>(['other-metric', 'duration']);

/** Of several series that say the same of a service, the first, which is the strongest; each statistic of a duration says something else. */
function oncePerAspect(shifts: readonly MetricShift[]): readonly MetricShift[] {
  const seen = new Set<string>();
  return shifts.filter(({ service, peer, aspect, shortName }) => {
    const key = JSON.stringify([service, peer, aspect, byName.has(aspect) ? shortName : '']);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** Looks over all metrics of all services for what is out of its usual range. */
export const scanMetrics = defineTool({
  name: 'scan-metrics',
  description:
    'Compares every metric series of every service (or of those named) before and after the suspected onset; strongest difference first, the strongest series for each service and aspect. Also tells resources that are used up though comparing does not show it.',
  input: z.strictObject({ services: z.array(z.string().min(1).max(120)).max(60).optional() }),
  effect: 'read',
  needs: 'metrics',
  timeoutMs: 60_000,
  run: async ({ services }, context) => {
    const wanted = services === undefined || services.length === 0 ? null : services;
    const compared = await compareMetrics(context, wanted);
    const kept = oncePerAspect(compared.shifts).filter(({ shift }) => shift.score >= leastScore);
    const told = new Set<MetricShift | undefined>(kept);
    return {
      ok: true,
      digest: {
        // Attributes are left to the table: shorter names make room for more aspects.
        observations: [
          ...compared.conditions,
          ...kept.map((one) => metricObservation({ ...one, name: one.shortName })),
        ].toSorted((one, other) => other.score - one.score),
        notes: [`${compared.seriesCount} series; ${compared.note}`],
        ...(compared.truncated === null ? {} : { truncated: compared.truncated }),
      },
      evidence: [
        draftEvidence({
          key: wanted === null ? 'all services' : wanted.join(','),
          kind: 'metrics',
          title: 'Metrics before and after, strongest difference first',
          read: compared.read,
          window: context.window,
          view: 'table',
          data: tableData(
            ['service', 'peer', 'aspect', 'series', 'before', 'after', 'unit', 'score', 'samples'],
            compared.shifts.map(({ service, peer, aspect, name, unit, shift }) => [
              entityOf({ kind: 'service', name: service }).name,
              peer?.name ?? null,
              aspect,
              name,
              rounded(shift.before),
              rounded(shift.after),
              unit,
              roundedScore(shift.score),
              shift.support,
            ]),
            (place) => told.has(compared.shifts[place]),
          ),
        }),
        ...(compared.conditions.length === 0
          ? []
          : [
              draftEvidence({
                key: 'used up',
                kind: 'metrics',
                title: 'Resources that are used up',
                read: compared.read,
                window: context.window,
                view: 'table',
                data: observedData(compared.conditions),
              }),
            ]),
      ],
    };
  },
});
