import { withConventions } from '../core/analysis/metrics/series-conventions.ts';
import type { Read, Series } from '../core/ports/telemetry.ts';
import type { ToolContext } from '../core/ports/tool.ts';
import type { Window } from '../core/schemas/primitives.ts';

const maxSeries = 5_000;

/** Reads the metric series of a window, of one service or of all, 5,000 at most; what their names say of unit and kind is filled in. */
export async function readSeries(
  { telemetry, signal }: ToolContext,
  window: Window,
  service?: string,
): Promise<Read<Series>> {
  const read = await telemetry.metrics(
    { window, limit: maxSeries, ...(service === undefined ? {} : { service }) },
    signal,
  );
  return { ...read, rows: read.rows.map(withConventions) };
}
