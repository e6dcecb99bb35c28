import type { Read, Series } from '../core/ports/telemetry.ts';
import type { ToolContext } from '../core/ports/tool.ts';

const maxSeries = 5_000;

/** Reads the metric series of the window, of one service or of all, 5,000 at most. */
export function readSeries(context: ToolContext, service?: string): Promise<Read<Series>> {
  const { telemetry, window, signal } = context;
  return telemetry.metrics(
    { window, limit: maxSeries, ...(service === undefined ? {} : { service }) },
    signal,
  );
}
