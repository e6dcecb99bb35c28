import { clearScore } from '../../core/analysis/shift.ts';
import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import { compareMetrics, leastScore, metricObservation } from '../compare-metrics.ts';
import { draftEvidence } from '../draft-evidence.ts';
import { seriesData } from '../evidence-data.ts';
import { observedData } from '../observed-data.ts';

const maxCharts = 12;
const leastCharts = 3;

/** Shows the metrics of one service that are out of their usual range, with that range and the onset. */
export const inspectMetrics = defineTool({
  name: 'inspect-metrics',
  description:
    'All metric series of one service before and after the suspected onset, with charts of those that deviate, their usual band and the onset of each.',
  input: z.strictObject({ service: z.string().min(1).max(120) }),
  effect: 'read',
  needs: 'metrics',
  timeoutMs: 60_000,
  run: async ({ service }, context) => {
    const compared = await compareMetrics(context, [service]);
    const observations = compared.shifts
      .filter(({ shift }) => shift.score >= leastScore)
      .map(metricObservation);
    const clear = compared.shifts.filter(({ shift }) => shift.score >= clearScore);
    const charted = compared.shifts.slice(
      0,
      Math.min(maxCharts, Math.max(leastCharts, clear.length)),
    );
    const shared = { kind: 'metrics', read: compared.read, window: context.window } as const;
    return {
      ok: true,
      digest: {
        observations,
        notes: [`${service}: ${compared.seriesCount} series; ${compared.note}`],
        ...(compared.truncated === null ? {} : { truncated: compared.truncated }),
      },
      evidence: [
        draftEvidence({
          ...shared,
          key: `${service}/metrics`,
          title:
            clear.length === 0
              ? `Metrics of ${service}: none is clearly out`
              : `Metrics of ${service} that are clearly out`,
          view: 'series',
          data: seriesData(
            charted.map(({ name, unit, levels, baseline, onset }) => ({
              name,
              unit,
              atMs: levels.atMs,
              values: levels.values,
              baseline,
              onset,
            })),
          ),
        }),
        ...(observations.length === 0
          ? []
          : [
              draftEvidence({
                ...shared,
                key: `${service}/metrics before and after`,
                title: `Metrics of ${service}, before and after`,
                view: 'table',
                data: observedData(observations),
              }),
            ]),
      ],
    };
  },
});
