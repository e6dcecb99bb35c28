/** Figures read when somebody asks for metrics. */
export interface Gauges {
  /** Investigations by status, among the newest ones. */
  readonly investigations: Readonly<Record<string, number>>;
  /** Accepted requests whose workflow has not been started yet. */
  readonly unstarted: number;
  /** Signed decisions that have not reached their workflow yet. */
  readonly undelivered: number;
  /** Telemetry that is kept. */
  readonly telemetryBytes: number;
  /** Since the oldest of it came. */
  readonly telemetryAgeMs: number;
}

/** What the API counts, and how it tells. */
export interface ApiMetrics {
  /** `route` is the pattern (`/api/v1/investigations/{id}`), never the path: the number of series stays small. */
  countRequest(request: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly durationMs: number;
  }): void;
  /** An investigation was accepted for the first time. */
  countAccepted(trigger: string): void;
  /** A decision was signed. */
  countDecision(decision: string): void;
  /** An export request was taken: items that are kept, those that are not by reason, and what was changed in those that are. */
  countTelemetry(
    signal: string,
    counts: {
      readonly accepted: number;
      readonly rejected: ReadonlyMap<string, number>;
      readonly repairs: ReadonlyMap<string, number>;
    },
  ): void;
  /** An export request was refused as a whole, with this error code. */
  countRefused(code: string): void;
  /** Kept telemetry was removed to keep to its limit of `age` or `size`. */
  countRemoved(because: string, bytes: number): void;
  /** Says where gauges come from; while the source rejects they are left out. */
  readGauges(source: () => Promise<Gauges>): void;
  /** Gives all metrics in the text format of Prometheus. */
  render(): Promise<string>;
  close(): Promise<void>;
}
