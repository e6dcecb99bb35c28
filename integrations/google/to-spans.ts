import { ownValue } from '../../core/own-value.ts';
import type { Span } from '../../core/ports/telemetry.ts';
import { z } from '../../core/schemas/z.ts';
import { msOf, nanosOfRfc3339 } from './instants.ts';
import { labelsWithoutSecrets, withoutSecrets } from './without-secrets.ts';

const spanSchema = z.looseObject({
  spanId: z.string().regex(/^\d{1,20}$/),
  kind: z.string().default(''),
  name: z.string().default(''),
  startTime: z.string(),
  endTime: z.string(),
  parentSpanId: z
    .string()
    .regex(/^\d{1,20}$/)
    .optional(),
  labels: z.record(z.string(), z.string()).default({}),
});
export const traceSchema = z.looseObject({
  traceId: z.string(),
  spans: z.array(spanSchema).default([]),
});
export type Trace = z.output<typeof traceSchema>;

const kinds: Readonly<Record<string, Span['kind']>> = {
  RPC_SERVER: 'server',
  RPC_CLIENT: 'client',
};
const otherKinds = ['producer', 'consumer', 'internal'] as const;

/** Names that Google's own exporters give to attributes of OpenTelemetry. */
const labelNames: Readonly<Record<string, string>> = {
  '/http/host': 'http.host',
  '/http/method': 'http.request.method',
  '/http/route': 'http.route',
  '/http/status_code': 'http.response.status_code',
  '/http/url': 'url.full',
  '/error/message': 'exception.message',
  '/error/name': 'error.type',
};

/** Labels that say what a field of a span says elsewhere. */
const serviceKeys = [
  'service.name',
  'g.co/r/cloud_run_revision/service_name',
  'g.co/r/k8s_container/container_name',
  'g.co/gae/app/module',
  'g.co/r/cloud_function/function_name',
];
const instanceKeys = [
  'service.instance.id',
  'g.co/r/k8s_container/pod_name',
  'g.co/r/cloud_run_revision/revision_name',
];
const own = new Set([...serviceKeys, ...instanceKeys, 'otel.status_code', 'span.kind']);

/** Reads the spans of a trace, their secrets masked; one without a time, or that ends before it begins, is left out. */
export function toSpans({ traceId, spans }: Trace): readonly Span[] {
  return spans.flatMap((span) => {
    const start = nanosOfRfc3339(span.startTime);
    const end = nanosOfRfc3339(span.endTime);
    if (start === null || end === null || end < start) return [];
    const labels = labelsWithoutSecrets(span.labels);
    const first = (keys: readonly string[]): string | null =>
      keys.map((key) => labels[key] ?? '').find((value) => value !== '') ?? null;
    const read: Span = {
      traceId,
      spanId: hexOf(span.spanId),
      parentSpanId:
        span.parentSpanId === undefined || span.parentSpanId === '0'
          ? null
          : hexOf(span.parentSpanId),
      service: first(serviceKeys) ?? 'unknown',
      instance: first(instanceKeys),
      name: withoutSecrets(span.name),
      kind:
        ownValue(kinds, span.kind) ??
        otherKinds.find((kind) => kind === labels['span.kind']) ??
        'unset',
      startAt: msOf(start),
      durationMs: Number(end - start) / 1_000_000,
      status: statusOf(labels),
      attributes: Object.fromEntries(
        Object.entries(labels).flatMap(([key, value]) =>
          own.has(key) ? [] : [[ownValue(labelNames, key) ?? key, value] as const],
        ),
      ),
    };
    return [read];
  });
}

/** Span ids are numbers of 64 bits here, and their 16 digits everywhere else. */
function hexOf(number: string): string {
  return BigInt(number).toString(16).padStart(16, '0');
}

function statusOf(labels: Readonly<Record<string, string>>): Span['status'] {
  const said = labels['otel.status_code']?.toLowerCase();
  if (said === 'error' || said === 'ok') return said;
  const isFailed =
    Number(labels['/http/status_code'] ?? 0) >= 500 || labels['/error/name'] !== undefined;
  return isFailed ? 'error' : 'unset';
}
