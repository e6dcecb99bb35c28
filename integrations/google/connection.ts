/** Which project is read, and how it is reached. */
export interface GoogleConnection {
  readonly projectId: string;
  /** URL of a server that plays Google Cloud; null for the real one, with the credentials of the environment. */
  readonly endpoint: string | null;
  /** Beginnings of the metric types that are looked at. */
  readonly metricPrefixes: readonly string[];
  /** The table of metric samples in BigQuery; null when there is none. */
  readonly warehouse: WarehouseTable | null;
  /** How long one answer is waited for; 30 s unless told. */
  readonly deadlineMs?: number;
}

export interface WarehouseTable {
  /** `dataset.table`, or `project.dataset.table`. */
  readonly table: string;
  readonly location: string;
  /** A query that would read more is not run. */
  readonly maxBytes: number;
}
