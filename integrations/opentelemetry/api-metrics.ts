import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { Meter } from '@opentelemetry/api';
import type { ApiMetrics, Gauges } from '../../api/metrics-port.ts';

/** Upper bounds of the request durations, in seconds. */
const durationBounds = [0.005, 0.025, 0.1, 0.25, 1, 2.5, 10];

/**
 * Makes the metrics of the API with OpenTelemetry, told in the text format of Prometheus; nothing listens and nothing is sent. Names follow OpenTelemetry's
 * conventions where there are some.
 */
export function createApiMetrics(): ApiMetrics {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [exporter] });
  const meter = provider.getMeter('holdfast-api');
  // The exporter adds no units to names; with this one it is what dashboards look for.
  const duration = meter.createHistogram('http.server.request.duration.seconds', {
    description: 'Duration of HTTP requests, in seconds.',
    advice: { explicitBucketBoundaries: durationBounds },
  });
  const accepted = meter.createCounter('holdfast.investigations.accepted', {
    description: 'Investigations accepted by this process.',
  });
  const decisions = meter.createCounter('holdfast.decisions.signed', {
    description: 'Decisions on actions signed by this process.',
  });
  const telemetry = createTelemetryCounters(meter);
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    countRequest: ({ method, route, status, durationMs }) =>
      duration.record(durationMs / 1_000, {
        'http.request.method': method,
        'http.route': route,
        'http.response.status_code': status,
      }),
    countAccepted: (trigger) => accepted.add(1, { trigger }),
    countDecision: (decision) => decisions.add(1, { decision }),
    ...telemetry,
    readGauges: (source) => observe(meter, source),
    render: async () => serializer.serialize((await exporter.collect()).resourceMetrics),
    close: () => provider.shutdown(),
  };
}

function createTelemetryCounters(
  meter: Meter,
): Pick<ApiMetrics, 'countTelemetry' | 'countRefused' | 'countRemoved'> {
  const received = meter.createCounter('holdfast.otlp.received', {
    description: 'Spans, data points and log records that were kept.',
  });
  const rejected = meter.createCounter('holdfast.otlp.rejected', {
    description: 'Spans, data points and log records that were not kept, by reason.',
  });
  const changed = meter.createCounter('holdfast.otlp.changed', {
    description: 'Changes made to what was kept: secrets masked, texts cut, services made up.',
  });
  const refused = meter.createCounter('holdfast.otlp.refused', {
    description: 'Export requests that were refused as a whole, by error code.',
  });
  const removed = meter.createCounter('holdfast.otlp.removed.bytes', {
    description: 'Kept telemetry that was removed for its age or its size.',
  });
  return {
    countTelemetry: (signal, counts) => {
      received.add(counts.accepted, { signal });
      for (const [reason, items] of counts.rejected) rejected.add(items, { signal, reason });
      for (const [reason, items] of counts.repairs) changed.add(items, { signal, reason });
    },
    countRefused: (code) => refused.add(1, { code }),
    countRemoved: (because, bytes) => removed.add(bytes, { because }),
  };
}

function observe(meter: Meter, source: () => Promise<Gauges>): void {
  const investigations = meter.createObservableGauge('holdfast.investigations', {
    description: 'Investigations by status, among the newest 500.',
  });
  const outbox = meter.createObservableGauge('holdfast.outbox.size', {
    description: 'What is stored and still has to be brought to Temporal.',
  });
  const kept = meter.createObservableGauge('holdfast.otlp.kept.bytes', {
    description: 'Telemetry on the disk.',
  });
  const age = meter.createObservableGauge('holdfast.otlp.kept.age.seconds', {
    description: 'Time since the oldest telemetry on the disk came.',
  });
  meter.addBatchObservableCallback(
    async (result) => {
      const gauges = await source();
      for (const [status, count] of Object.entries(gauges.investigations)) {
        result.observe(investigations, count, { status });
      }
      result.observe(outbox, gauges.unstarted, { kind: 'starts' });
      result.observe(outbox, gauges.undelivered, { kind: 'decisions' });
      result.observe(kept, gauges.telemetryBytes);
      result.observe(age, gauges.telemetryAgeMs / 1_000);
    },
    [investigations, outbox, kept, age],
  );
}
