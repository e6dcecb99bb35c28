/** The kinds of telemetry that OTLP carries, and how an export request of each is built. */
export const otlpSignals = {
  traces: { resources: 'resourceSpans', scopes: 'scopeSpans', items: 'spans', unit: 'spans' },
  metrics: {
    resources: 'resourceMetrics',
    scopes: 'scopeMetrics',
    items: 'metrics',
    unit: 'data points',
  },
  logs: {
    resources: 'resourceLogs',
    scopes: 'scopeLogs',
    items: 'logRecords',
    unit: 'log records',
  },
} as const;

export type OtlpSignal = keyof typeof otlpSignals;

/** How a request is encoded, and so its response. */
export type OtlpEncoding = 'json' | 'protobuf';

/** Members of a message, from JSON or protobuf: nothing is known of their types. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
