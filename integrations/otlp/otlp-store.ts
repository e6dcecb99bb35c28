import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { cleanRequest } from './clean/clean-request.ts';
import type { CleanRequest } from './clean/clean-request.ts';
import { createSeriesLimit, standardBounds } from './clean/series-limit.ts';
import type { SeriesBounds } from './clean/series-limit.ts';
import { decodeRequest } from './decode-request.ts';
import type { Receipt } from './encode-response.ts';
import { createCurrentSegment } from './keep/current-segment.ts';
import { createGroupCommit } from './keep/group-commit.ts';
import { removeOld } from './keep/retention.ts';
import type { Kept } from './keep/retention.ts';
import { keptKinds } from './kept-segments.ts';
import { otlpSignals } from './signals.ts';
import type { OtlpEncoding, OtlpSignal } from './signals.ts';

/** Takes export requests and keeps them in a folder, in segments. */
export interface OtlpStore {
  /**
   * Keeps the good items of an export request; resolves once they are on the disk. Rejects with `invalid.otlp` for a body that is no such request, and with
   * `unavailable.ingest` when the disk refuses.
   */
  receive(request: {
    readonly signal: OtlpSignal;
    readonly encoding: OtlpEncoding;
    readonly body: Uint8Array;
  }): Promise<Receipt>;
  /** What was kept at the last look, at most a minute ago. */
  kept(): { readonly bytes: number; readonly oldestAt: number | null };
  /** Ends the segments; nothing may be given to it any more. */
  close(): Promise<void>;
}

/** What a store tells of itself. */
export interface OtlpEvents {
  onCleaned(signal: OtlpSignal, clean: Omit<CleanRequest, 'lines'>): void;
  onRemoved(removed: Kept['removed']): void;
  /** Old segments could not be looked at or removed. */
  onFailure(error: unknown): void;
}

const mostSegmentBytes = 16 * 1_024 * 1_024;
/** How far ahead of our clock the times of telemetry may be. */
const maxAheadMs = 600_000;
const lookEveryMs = 20_000;

interface StoreOptions {
  readonly dir: string;
  readonly retentionMs: number;
  readonly maxBytes: number;
  readonly now: () => number;
  readonly pid: number;
  readonly events: OtlpEvents;
  readonly bounds?: SeriesBounds;
}

/** Opens the store in `dir`, which is made when something comes. */
export function createOtlpStore(options: StoreOptions): OtlpStore {
  const { now, events, retentionMs } = options;
  const limit = createSeriesLimit(options.bounds ?? standardBounds, now);
  const segmentBytes = Math.min(mostSegmentBytes, Math.ceil(options.maxBytes / 16));
  const keeper = createKeeper(options, segmentBytes);
  const files = {
    traces: createFiles('traces', options, segmentBytes, keeper.look),
    metrics: createFiles('metrics', options, segmentBytes, keeper.look),
    logs: createFiles('logs', options, segmentBytes, keeper.look),
  };
  const timer = setInterval(() => {
    for (const kind of keptKinds) files[kind].endOld().catch(events.onFailure);
    void keeper.look();
  }, lookEveryMs);
  timer.unref();
  void keeper.look();
  return {
    receive: async ({ signal, encoding, body }) => {
      const request = decodeRequest(signal, encoding, body);
      const at = now();
      const times = { now: at, earliest: at - retentionMs, latest: at + maxAheadMs };
      const { lines, ...counts } = await cleanRequest(signal, request, { times, limit });
      if (lines.length > 0) await files[signal].append(lines).catch(refuse);
      events.onCleaned(signal, counts);
      return receiptOf(signal, counts.rejected);
    },
    kept: keeper.kept,
    close: async () => {
      clearInterval(timer);
      await Promise.all(keptKinds.map((kind) => files[kind].end()));
      await keeper.look();
    },
  };
}

/** The segments of one kind of telemetry, written to by many requests at a time. */
function createFiles(
  signal: OtlpSignal,
  { dir, now, pid }: StoreOptions,
  maxBytes: number,
  look: () => Promise<void>,
) {
  const segment = createCurrentSegment({
    ...{ dir: join(dir, signal), maxBytes, now, pid },
    onEnd: () => void look(),
  });
  const commit = createGroupCommit(segment.append);
  return {
    append: commit.append,
    endOld: () => commit.between(segment.endOld),
    end: () => commit.between(segment.end),
  };
}

function refuse(cause: unknown): never {
  throw new AppError('unavailable.ingest', 'the telemetry cannot be written to the disk', {
    cause,
  });
}

function receiptOf(signal: OtlpSignal, reasons: ReadonlyMap<string, number>): Receipt {
  const rejected = Array.from(reasons.values()).reduce((sum, count) => sum + count, 0);
  if (rejected === 0) return { rejected, message: '' };
  const parts = Array.from(reasons, ([reason, count]) => `${count} ${reason}`);
  return {
    rejected,
    message: `${rejected} ${otlpSignals[signal].unit} not kept: ${parts.join(', ')}`,
  };
}

/** Looks after what is kept, one look at a time; a look that is asked for meanwhile follows. */
function createKeeper(options: StoreOptions, fullBytes: number) {
  const { dir, now, retentionMs, maxBytes, events } = options;
  let latest: Pick<Kept, 'bytes' | 'oldestAt'> = { bytes: 0, oldestAt: null };
  let looking: Promise<void> | null = null;
  let isAskedAgain = false;
  const lookOnce = async (): Promise<void> => {
    try {
      const limits = { now: now(), retentionMs, maxBytes, fullBytes };
      const { removed, ...kept } = await removeOld(dir, limits);
      latest = kept;
      if (removed.length > 0) events.onRemoved(removed);
    } catch (error) {
      events.onFailure(error);
    }
  };
  const lookUntilDone = async (): Promise<void> => {
    while (isAskedAgain) {
      isAskedAgain = false;
      await lookOnce();
    }
    looking = null;
  };
  return {
    kept: () => latest,
    look: (): Promise<void> => {
      isAskedAgain = true;
      looking ??= lookUntilDone();
      return looking;
    },
  };
}
