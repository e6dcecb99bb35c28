import { clearScore } from '../../core/analysis/shift.ts';
import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import { compareMetrics, leastScore, metricObservation } from '../compare-metrics.ts';
import { draftEvidence } from '../draft-evidence.ts';
import { seriesData } from '../evidence-data.ts';

const maxCharts = 12;
const leastCharts = 3;

/** Shows the metrics of one service that are out of their usual range, with that range and the onset. */
export const inspectMetrics = defineTool({
  name: 'inspect-metrics',
  description:
    'All metric series of one service before and after the suspected onset, with charts of those that deviate, their usual band and the onset of each.',
  input: z.strictObject({ service: z.string().min(1).max(120) }),
  effect: 'read',
  timeoutMs: 60_000,
  run: async ({ service }, context) => {
    const compared = await compareMetrics(context, [service]);
    const kept = compared.shifts.filter(({ shift }) => shift.score >= leastScore);
    const clear = compared.shifts.filter(({ shift }) => shift.score >= clearScore);
    const charted = compared.shifts.slice(
      0,
      Math.min(maxCharts, Math.max(leastCharts, clear.length)),
    );
    return {
      ok: true,
      digest: {
        observations: kept.map(metricObservation),
        notes: [`${service}: ${compared.seriesCount} series; ${compared.note}`],
        ...(compared.truncated === null ? {} : { truncated: compared.truncated }),
      },
      evidence: [
        draftEvidence({
          key: `${service}/metrics`,
          kind: 'metrics',
          title:
            clear.length === 0
              ? `Metrics of ${service}: none is clearly out`
              : `Metrics of ${service} that are clearly out`,
          read: compared.read,
          window: context.window,
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
      ],
    };
  },
});
