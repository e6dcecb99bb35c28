const startNanos = 1_795_165_200_000_000_000n;

/** Nanoseconds of an instant `seconds` after the start of the window, as OTLP writes 64-bit numbers. */
export const nanos = (seconds: number): string =>
  String(startNanos + BigInt(Math.round(seconds * 1e9)));

/** The same instant in epoch milliseconds. */
export const atMs = (seconds: number): number => 1_795_165_200_000 + seconds * 1_000;

/** An attribute with a text. */
export const text = (key: string, value: string): object => ({
  key,
  value: { stringValue: value },
});

const resource = {
  attributes: [
    text('service.name', 'shop'),
    text('service.instance.id', 'shop-0'),
    text('service.version', '1.4.0'),
    text('telemetry.sdk.language', 'nodejs'),
  ],
};

/** A file of OTLP JSON. */
export const otlp = (content: string | Buffer, name = 'data.jsonl') => ({
  name,
  format: 'otlp-json',
  content,
});

/** An export request of spans of the service `shop`. */
export const spansOf = (...spans: readonly object[]): object => ({
  resourceSpans: [{ resource, scopeSpans: [{ scope: {}, spans }] }],
});

/** An export request of log records of the service `shop`. */
export const logsOf = (...logRecords: readonly object[]): object => ({
  resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }],
});

/** An export request of metrics of the service `shop`. */
export const metricsOf = (...metrics: readonly object[]): object => ({
  resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }],
});
