import type { SplitWindow } from '../core/analysis/split-window.ts';
import { isInside, placeIn } from '../core/analysis/stretches.ts';
import { inferKinds } from '../core/analysis/traces/infer-kinds.ts';
import { isAppError } from '../core/errors.ts';
import type { Read, Span } from '../core/ports/telemetry.ts';
import type { ToolContext } from '../core/ports/tool.ts';
import { windowToRead } from './split-context.ts';
import { createPause } from './pace.ts';

const maxSpans = 150_000;

/** Requests that each service served on either side, and in each of the stretches before. */
export type RequestTally = ReadonlyMap<string, RequestCount>;

interface RequestCount {
  readonly before: number;
  readonly after: number;
  readonly history: readonly number[];
}

/**
 * Counts the requests of each service by their server and consumer spans, those that are `isCounted`; empty when there are no such spans, too many of them to count, or
 * traces that cannot be read: whoever asks can do without.
 */
export async function countRequests(
  context: ToolContext,
  split: SplitWindow,
  isCounted: (service: string, at: number) => boolean = () => true,
): Promise<RequestTally> {
  const { telemetry, signal } = context;
  const window = windowToRead(context);
  const pause = createPause(signal);
  let read: Read<Span>;
  try {
    read = await telemetry.spans({ window, limit: maxSpans }, signal);
  } catch (error) {
    if (isAppError(error) && error.code === 'invalid.case') return new Map();
    throw error;
  }
  const counts = new Map<string, { before: number; after: number; history: number[] }>();
  const stretchOf = placeIn(split.baseline);
  if (read.truncated !== null) return counts;
  for (const [index, { service, kind, startAt }] of inferKinds(read.rows).entries()) {
    if (index % 1_000 === 0) await pause();
    if (kind !== 'server' && kind !== 'consumer') continue;
    if (!isCounted(service, startAt)) continue;
    const count = counts.get(service) ?? {
      before: 0,
      after: 0,
      history: split.baseline.map(() => 0),
    };
    const stretch = stretchOf(startAt);
    if (stretch !== null) {
      count.before += 1;
      count.history[stretch] = (count.history[stretch] ?? 0) + 1;
    } else if (isInside(split.after, startAt)) {
      count.after += 1;
    }
    counts.set(service, count);
  }
  return counts;
}
