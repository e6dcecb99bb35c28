import type { Read, Series } from '../core/ports/telemetry.ts';
import type { ToolContext } from '../core/ports/tool.ts';
import type { Window } from '../core/schemas/primitives.ts';

const maxSeries = 5_000;

/** Reads the metric series of a window, of one service or of all, 5,000 at most. */
export function readSeries(
  { telemetry, signal }: ToolContext,
  window: Window,
  service?: string,
): Promise<Read<Series>> {
  return telemetry.metrics(
    { window, limit: maxSeries, ...(service === undefined ? {} : { service }) },
    signal,
  );
}
