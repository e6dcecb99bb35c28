import type { ChangeDigest, Coverage } from '../schemas/digest.ts';
import type { Entity, Window } from '../schemas/primitives.ts';

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
  /** By this `logAttributes` knows it again. */
  readonly row: number;
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

export interface Change extends Omit<ChangeDigest, 'touches' | 'match'> {
  readonly author: string | null;
  readonly url: string | null;
  readonly files: readonly string[];
  readonly diff: string | null;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A relation that was written down, not measured: who calls, runs on or owns whom. */
export interface Relation {
  readonly from: Entity;
  readonly to: Entity;
  readonly kind: 'call' | 'runs-on' | 'owns';
  readonly protocol: string | null;
}

/** Another alert or monitor of the time. */
export interface SeenAlert {
  readonly name: string;
  readonly at: number;
  readonly entity: string | null;
  readonly entityKind: string | null;
  readonly metric: string | null;
  readonly direction: 'up' | 'down' | null;
  readonly state: string | null;
  readonly message: string | null;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Something that a cluster or platform says happened to an object, `count` times since `firstAt`. */
export interface ClusterEvent {
  readonly at: number;
  readonly firstAt: number | null;
  readonly reason: string;
  readonly kind: string | null;
  readonly name: string | null;
  readonly namespace: string | null;
  readonly message: string | null;
  /** `Normal` or `Warning` in Kubernetes. */
  readonly type: string | null;
  readonly count: number;
}

/** An object as it stood at `at`; `body` is all that is known of it beside kind, name and namespace. */
export interface StateObject {
  readonly at: number;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What someone ran, and what it printed. */
export interface CommandRun {
  readonly at: number;
  readonly command: string;
  readonly output: string;
  readonly target: string | null;
  readonly exitCode: number | null;
}

/** Steps written by people, as Markdown. */
export interface Runbook {
  readonly file: string;
  readonly title: string;
  readonly text: string;
}

/** What there is beside measured telemetry and changes, by kind. Rows without a time of their own are taken as seen at the end of the window. */
export interface Records {
  readonly topology: Relation;
  readonly alerts: SeenAlert;
  readonly events: ClusterEvent;
  readonly state: StateObject;
  readonly commands: CommandRun;
  readonly runbooks: Runbook;
}
export type RecordKind = keyof Records;

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
  /** Windows known to be healthy, which may lie outside `window`; empty when none are given. */
  readonly baselines: readonly Window[];
  /** What may be named as the cause; null when anything may. */
  readonly candidates: readonly Entity[] | null;
  /** When it began, where that is really known; epoch milliseconds. */
  readonly knownOnsetAt: number | null;
  coverage(signal: AbortSignal): Promise<readonly Coverage[]>;
  metrics(query: MetricsQuery, signal: AbortSignal): Promise<Read<Series>>;
  logs(query: LogsQuery, signal: AbortSignal): Promise<Read<LogRecord>>;
  /** What else is known of log records, by their `row`: of the many that are read few are shown. One of which no more is known may be missing. */
  logAttributes(
    rows: readonly number[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, Readonly<Record<string, string>>>>;
  spans(query: SpansQuery, signal: AbortSignal): Promise<Read<Span>>;
  changes(query: ChangesQuery, signal: AbortSignal): Promise<Read<Change>>;
  records<Kind extends RecordKind>(
    kind: Kind,
    query: RecordsQuery,
    signal: AbortSignal,
  ): Promise<Read<Records[Kind]>>;
  /** The source's own query languages, for whoever speaks them; absent where it has none. */
  readonly native?: NativeSources;
  /** Where the samples of a whole fleet lie in one table; absent where there is none. */
  readonly warehouse?: Warehouse;
}

export interface NativeSources {
  readonly logs: NativeQueries<LogRecord>;
  readonly metrics: NativeQueries<Series>;
}

/** Something that can be asked of by its name: a log, a metric. `count` says how many rows a glance saw of it, where one was taken. */
export interface NativeName {
  readonly name: string;
  readonly unit: string | null;
  readonly labels: readonly string[];
  readonly count: number | null;
}

/** Queries in a language of the source, as its experts write them. A query that it does not understand rejects with `invalid.query`. */
export interface NativeQueries<Row> {
  /** The language, as people call it. */
  readonly dialect: string;
  /** Says what there is to ask of. */
  describe(signal: AbortSignal): Promise<readonly NativeName[]>;
  query(
    text: string,
    range: { readonly window: Window; readonly limit: number },
    signal: AbortSignal,
  ): Promise<Read<Row>>;
}

/** A table of metric samples that is asked in one query, however many services there are. */
export interface Warehouse {
  /**
   * Finds the series of the fleet whose level since `suspectedAt` is farthest from what it was before, strongest first. Rejects with
   * `budget-exceeded.query-cost` before anything is paid for when it would read too much.
   */
  findOutliers(query: OutliersQuery, signal: AbortSignal): Promise<Read<FleetOutlier>>;
}

export interface OutliersQuery {
  readonly window: Window;
  readonly suspectedAt: number;
  readonly limit: number;
  /** Names the call: asked again under the same key, a query that ran is not paid for twice. */
  readonly callKey: string;
}

/** A series of the fleet before and after: medians, of a counter of its rate a second; `score` counts robust standard deviations. */
export interface FleetOutlier {
  readonly metric: string;
  readonly service: string;
  readonly statistic: string | null;
  readonly unit: string | null;
  readonly kind: Series['kind'];
  readonly before: number;
  readonly after: number;
  /** Samples behind `after`. */
  readonly support: number;
  readonly score: number;
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

export interface RecordsQuery {
  readonly window: Window;
  readonly limit: number;
}
