import { rounded } from '../../core/observation.ts';
import type { Series } from '../../core/ports/telemetry.ts';
import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import type { ToolAnswer } from '../../core/tool.ts';
import { cutText, draftEvidence } from '../draft-evidence.ts';
import { seriesData } from '../evidence-data.ts';
import { describeNames, lastMinutes, noNativeQueries } from '../query-native.ts';

const maxSeries = 20;
const maxNotes = 5;
/** Functions that write words of the query into what is found, as if the telemetry had said them. */
const labelWriters = ['label_replace', 'label_join', 'count_values'];

function nameOf({ metric, service, attributes }: Series): string {
  const labels = Object.entries(attributes).map(([key, value]) => `${key}=${value}`);
  return cutText([service, metric, ...labels].filter(Boolean).join(' '), 120);
}

function sayRange(series: Series): string {
  const least = Math.min(...series.values);
  const most = Math.max(...series.values);
  return cutText(`${nameOf(series)}: ${rounded(least)} to ${rounded(most)}`, 240);
}

/** Asks the metrics of a cloud in PromQL, for those who speak it. */
export const queryCloudMetrics = defineTool({
  name: 'query-cloud-metrics',
  description:
    'Asks the metrics of Google Cloud in PromQL, over the last minutes of the window (15 unless told). Gives at most 20 series; without any, says which metrics there are.',
  input: z.strictObject({
    query: z.string().min(1).max(2_000),
    minutes: z.int().min(1).max(10_080).default(15),
  }),
  effect: 'read',
  needs: 'query-languages',
  timeoutMs: 60_000,
  run: async ({ query, minutes }, context): Promise<ToolAnswer> => {
    const metrics = context.telemetry.native?.metrics;
    if (metrics === undefined) return noNativeQueries('metrics', 'inspect-metrics');
    const writer = labelWriters.find((name) => query.toLowerCase().includes(name));
    if (writer !== undefined) {
      return {
        ok: false,
        code: 'invalid.query',
        message: `a query may not write labels of its own, as ${writer} does`,
        hint: `Leave ${writer} out: what is found has to be what was measured.`,
      };
    }
    const window = lastMinutes(context, minutes);
    const read = await metrics.query(query, { window, limit: maxSeries }, context.signal);
    const filled = read.rows.filter(({ values }) => values.length > 0);
    const notes =
      filled.length === 0
        ? await describeNames(metrics, context.signal)
        : filled.slice(0, maxNotes).map(sayRange);
    return {
      ok: true,
      digest: {
        notes: [`${filled.length} series`, ...notes].slice(0, 6),
        ...(read.truncated === null ? {} : { truncated: read.truncated }),
      },
      evidence: [
        draftEvidence({
          key: query,
          kind: 'metrics',
          title: 'Metrics that the query found',
          ...{ read, window },
          view: 'series',
          data: seriesData(
            filled.map((series) => ({
              name: nameOf(series),
              unit: series.unit ?? '',
              atMs: series.atMs,
              values: series.values,
            })),
          ),
        }),
      ],
    };
  },
});
