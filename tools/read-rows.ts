import type { Read } from '../core/ports/telemetry.ts';
import type { Window } from '../core/schemas/primitives.ts';

/** Divides a window into equal parts, in order. */
export function partsOf(window: Window, count: number): readonly Window[] {
  const lengthMs = (window.endAt - window.startAt) / count;
  return Array.from({ length: count }, (_unused, index) => ({
    startAt: window.startAt + index * lengthMs,
    endAt: index === count - 1 ? window.endAt : window.startAt + (index + 1) * lengthMs,
  }));
}

const sampleParts = 24;

/**
 * Reads rows of a window, `limit` at most. Rows come in order of time, so a limit would cut off the end, which is what matters most: where there are
 * more, each of 24 equal parts of the window gives its first rows instead, and `truncated` says so.
 */
export async function readEvenly<Row>(
  read: (window: Window, limit: number) => Promise<Read<Row>>,
  window: Window,
  limit: number,
): Promise<Read<Row>> {
  const whole = await read(window, limit);
  if (whole.truncated === null) return whole;
  const share = Math.max(1, Math.floor(limit / sampleParts));
  const rows: Row[] = [];
  for (const part of partsOf(window, sampleParts)) {
    for (const row of (await read(part, share)).rows) rows.push(row);
  }
  return {
    rows,
    query: `${whole.query} -- in ${sampleParts} equal parts of the window, ${share} rows each`,
    source: whole.source,
    truncated: `read ${rows.length} rows spread over the window, not all`,
  };
}
