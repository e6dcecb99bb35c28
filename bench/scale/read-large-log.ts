import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openCase } from '../../integrations/duckdb/open-case.ts';
import type { TemplatesView } from '../../core/schemas/evidence-views.ts';
import { largeLog, writeLargeLog } from '../../test/support/large-log.ts';
import { openTestFolder } from '../../test/support/test-folder.ts';
import { contextOf } from '../../test/tools/memory-telemetry.ts';
import { clusterLogs } from '../../tools/logs/cluster-logs.ts';
import { timed } from './timed.ts';

/** What `cluster-logs` made of a large log, in a process of its own. */
export interface LargeLogFigures {
  readonly lines: number;
  readonly loadSeconds: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly longestTurnMs: number;
  readonly peakBytes: number;
  /** Null when every line was read, else what was left out. */
  readonly leftOut: string | null;
  readonly templates: number;
  /** The few lines of a new kind in the last hundredth, and how many of them it tells of as new. */
  readonly rareLines: number;
  readonly rareFound: number;
}

async function main(lines: number): Promise<void> {
  const folder = openTestFolder('large-log');
  try {
    const telemetry = await openCase({ dir: await writeLargeLog(folder.open(), lines) });
    const { window, rareFrom } = largeLog;
    const context = {
      ...contextOf({ window }, { earliestAt: rareFrom, latestAt: rareFrom }),
      telemetry,
    };
    const load = await timed(() => telemetry.logs({ window, limit: 1 }, context.signal));
    const turns = monitorEventLoopDelay({ resolution: 5 });
    turns.enable();
    const { result, seconds, cpuSeconds } = await timed(() => clusterLogs.run({}, context));
    turns.disable();
    if (!result.ok) throw new Error(`${clusterLogs.name} failed: ${result.message}`);
    const [table] = result.evidence;
    if (table === undefined) throw new Error(`${clusterLogs.name} left no evidence`);
    const { templates, omittedTemplates } = table.data as TemplatesView;
    const rare = templates.find(({ template }) => template.startsWith('lease on shard'));
    const figures: LargeLogFigures = {
      ...{ lines, seconds, cpuSeconds, loadSeconds: load.seconds },
      longestTurnMs: turns.max / 1e6,
      peakBytes: process.resourceUsage().maxRSS * 1_024,
      leftOut: result.digest.truncated ?? null,
      templates: templates.length + omittedTemplates,
      rareLines: largeLog.rareLines,
      rareFound: rare?.change === 'new' ? rare.linesAfter : 0,
    };
    await telemetry.close();
    process.send?.(figures);
  } finally {
    folder.remove();
  }
}

await main(Number(process.argv[2]));
