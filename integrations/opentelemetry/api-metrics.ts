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
    readGauges: (source) => observe(meter, source),
    render: async () => serializer.serialize((await exporter.collect()).resourceMetrics),
    close: () => provider.shutdown(),
  };
}

function observe(meter: Meter, source: () => Promise<Gauges>): void {
  const investigations = meter.createObservableGauge('holdfast.investigations', {
    description: 'Investigations by status, among the newest 500.',
  });
  const outbox = meter.createObservableGauge('holdfast.outbox.size', {
    description: 'What is stored and still has to be brought to Temporal.',
  });
  meter.addBatchObservableCallback(
    async (result) => {
      const gauges = await source();
      for (const [status, count] of Object.entries(gauges.investigations)) {
        result.observe(investigations, count, { status });
      }
      result.observe(outbox, gauges.unstarted, { kind: 'starts' });
      result.observe(outbox, gauges.undelivered, { kind: 'decisions' });
    },
    [investigations, outbox],
  );
}
