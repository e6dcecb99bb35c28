/** Figures read when somebody asks for metrics. */
export interface Gauges {
  /** Investigations by status, among the newest ones. */
  readonly investigations: Readonly<Record<string, number>>;
  /** Accepted requests whose workflow has not been started yet. */
  readonly unstarted: number;
  /** Signed decisions that have not reached their workflow yet. */
  readonly undelivered: number;
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
  /** Says where gauges come from; while the source rejects they are left out. */
  readGauges(source: () => Promise<Gauges>): void;
  /** Gives all metrics in the text format of Prometheus. */
  render(): Promise<string>;
  close(): Promise<void>;
}
