import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openCase } from '../../integrations/duckdb/open-case.ts';
import type { Tool } from '../../core/ports/tool.ts';
import { openTestFolder } from '../../test/support/test-folder.ts';
import { contextOf } from '../../test/tools/memory-telemetry.ts';
import { scanMetrics } from '../../tools/metrics/scan-metrics.ts';
import { findOnset } from '../../tools/onset/find-onset.ts';
import { compareTraces } from '../../tools/traces/compare-traces.ts';
import { everyMs, makeSeries, pointCount } from './make-series.ts';
import { makeSpans } from './make-spans.ts';
import { timed } from './timed.ts';
import { writeCase } from './write-case.ts';

/** How long one call of a tool took. */
export interface ToolFigures {
  readonly call: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The longest that nothing else in the process had its turn, such as a heartbeat. */
  readonly longestTurnMs: number;
}

const startAt = Date.UTC(2026, 0, 5);
const window = { startAt, endAt: startAt + pointCount * everyMs };

async function main([seriesCount, spanCount]: readonly number[]): Promise<void> {
  const folder = openTestFolder('scale');
  try {
    const dir = folder.open();
    await writeCase(dir, {
      series: makeSeries(seriesCount ?? 0),
      spans: makeSpans(spanCount ?? 0),
      window,
    });
    const telemetry = await openCase({ dir });
    const suspectedAt = window.endAt - 60 * everyMs;
    const suspected = { earliestAt: suspectedAt, latestAt: suspectedAt };
    const context = { ...contextOf({ window }, suspected), telemetry };
    const figures: ToolFigures[] = [];
    const call = async <Input>(what: string, tool: Tool<Input>, input: Input): Promise<void> => {
      const turns = monitorEventLoopDelay({ resolution: 5 });
      turns.enable();
      const { result, seconds, cpuSeconds } = await timed(() => tool.run(input, context));
      turns.disable();
      if (!result.ok) throw new Error(`${tool.name} failed: ${result.message}`);
      figures.push({
        call: `\`${tool.name}\`, ${what}`,
        seconds,
        cpuSeconds,
        longestTurnMs: turns.max / 1e6,
      });
    };
    await call('which loads the metrics', scanMetrics, {});
    await call('again', scanMetrics, {});
    await call('which loads the traces', compareTraces, {});
    await call('again', compareTraces, {});
    await call('of the service users come in through', findOnset, {});
    await telemetry.close();
    process.send?.(figures);
  } finally {
    folder.remove();
  }
}

await main(process.argv.slice(2).map(Number));
