import { requestTypes } from '../../../integrations/otlp/protocol.ts';
import type { OtlpEncoding, OtlpSignal } from '../../../integrations/otlp/signals.ts';

/** Now, for tests that are given a clock. */
export const nowMs = 1_795_165_200_000;

/** Nanoseconds of an instant `seconds` after now, as OTLP writes 64-bit numbers. */
export const nanosAt = (seconds: number, now = nowMs): string =>
  String(BigInt(now) * 1_000_000n + BigInt(Math.round(seconds * 1e9)));

export const attribute = (key: string, value: string): object => ({
  key,
  value: { stringValue: value },
});

const resource = { attributes: [attribute('service.name', 'shop')] };

export const spanWith = (more: object = {}, now = nowMs): object => ({
  traceId: '5b8efff798038103d269b633813fc60c',
  spanId: 'eee19b7ec3c1b174',
  name: 'GET /',
  startTimeUnixNano: nanosAt(-2, now),
  endTimeUnixNano: nanosAt(-1, now),
  ...more,
});

export const logWith = (more: object = {}, now = nowMs): object => ({
  timeUnixNano: nanosAt(-1, now),
  body: { stringValue: 'ordinary' },
  ...more,
});

export const pointWith = (more: object = {}, now = nowMs): object => ({
  timeUnixNano: nanosAt(-1, now),
  asDouble: 1,
  ...more,
});

export const tracesOf = (spans: readonly object[], of: object = resource): object => ({
  resourceSpans: [{ resource: of, scopeSpans: [{ scope: {}, spans }] }],
});

export const logsOf = (logRecords: readonly object[], of: object = resource): object => ({
  resourceLogs: [{ resource: of, scopeLogs: [{ scope: {}, logRecords }] }],
});

export const metricsOf = (metrics: readonly object[], of: object = resource): object => ({
  resourceMetrics: [{ resource: of, scopeMetrics: [{ scope: {}, metrics }] }],
});

/** Encodes a request written as OTLP JSON. */
export function encode(signal: OtlpSignal, encoding: OtlpEncoding, request: object): Buffer {
  if (encoding === 'json') return Buffer.from(JSON.stringify(request));
  const type = requestTypes[signal];
  const text = JSON.stringify(request, (key, value: unknown) =>
    typeof value === 'string' && ['traceId', 'spanId', 'parentSpanId'].includes(key)
      ? Buffer.from(value, 'hex').toString('base64')
      : value,
  );
  return Buffer.from(type.encode(type.fromObject(JSON.parse(text) as object)).finish());
}
