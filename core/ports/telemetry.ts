import type { ChangeDigest, Coverage } from '../schemas/digest.ts';
import type { Window } from '../schemas/primitives.ts';

/** One time series. `atMs` ascends; both arrays have the same length; a missing sample is absent, never NaN. */
export interface Series {
  readonly metric: string;
  readonly service: string | null;
  readonly instance: string | null;
  /** The other end, for a metric of an edge. */
  readonly peer: string | null;
  /** `p50`, `p90`, `avg`, `sum`, `max` ... where the source says so. */
  readonly statistic: string | null;
  readonly unit: string | null;
  readonly kind: 'gauge' | 'counter' | 'histogram';
  readonly attributes: Readonly<Record<string, string>>;
  readonly atMs: readonly number[];
  readonly values: readonly number[];
}

export interface LogRecord {
  readonly at: number;
  readonly body: string;
  readonly service: string | null;
  readonly instance: string | null;
  readonly severity: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | null;
  readonly traceId: string | null;
  readonly spanId: string | null;
}

export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly service: string;
  readonly instance: string | null;
  readonly name: string;
  readonly kind: 'server' | 'client' | 'producer' | 'consumer' | 'internal' | 'unset';
  /** Epoch milliseconds with fraction. */
  readonly startAt: number;
  readonly durationMs: number;
  readonly status: 'ok' | 'error' | 'unset';
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Change extends Omit<ChangeDigest, 'touches'> {
  readonly author: string | null;
  readonly url: string | null;
  readonly files: readonly string[];
  readonly diff: string | null;
}

/** Rows with where they came from: `query` is exactly what was asked, `source` the files or backend it was asked of. */
export interface Read<Row> {
  readonly rows: readonly Row[];
  readonly query: string;
  readonly source: string;
  /** Rows beyond the limit that were not read, in words; null when all were. */
  readonly truncated: string | null;
}

/**
 * Telemetry as tools see it. Windows are half-open epoch milliseconds; rows come in ascending time. A kind that the source does not hold gives
 * zero rows, and `coverage` tells absent from empty. Rejects with `invalid.case` (file, line and field named) when what is there cannot be
 * read, and with the abort reason when `signal` fires.
 */
export interface Telemetry {
  /** The whole window under investigation. */
  readonly window: Window;
  coverage(signal: AbortSignal): Promise<readonly Coverage[]>;
  metrics(query: MetricsQuery, signal: AbortSignal): Promise<Read<Series>>;
  logs(query: LogsQuery, signal: AbortSignal): Promise<Read<LogRecord>>;
  spans(query: SpansQuery, signal: AbortSignal): Promise<Read<Span>>;
  changes(query: ChangesQuery, signal: AbortSignal): Promise<Read<Change>>;
}

export interface MetricsQuery {
  readonly window: Window;
  readonly service?: string;
  readonly metric?: string;
  /** Series returned at most. */
  readonly limit: number;
}

export interface LogsQuery {
  readonly window: Window;
  readonly service?: string;
  readonly severityAtLeast?: 'warn' | 'error';
  readonly limit: number;
}

export interface SpansQuery {
  readonly window: Window;
  readonly service?: string;
  readonly traceId?: string;
  readonly limit: number;
}

export interface ChangesQuery {
  readonly window: Window;
  readonly service?: string;
  readonly limit: number;
}
