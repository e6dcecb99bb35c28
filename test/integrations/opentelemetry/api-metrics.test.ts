import { describe, expect, test } from '@jest/globals';
import { createApiMetrics } from '../../../integrations/opentelemetry/api-metrics.ts';

const gauges = {
  ...{ investigations: { running: 2, completed: 5 }, unstarted: 1, undelivered: 0 },
  ...{ telemetryBytes: 4_096, telemetryAgeMs: 90_000 },
};

describe('the metrics of the API', () => {
  test('are told in the text format of Prometheus, with units in their names', async () => {
    const metrics = createApiMetrics();
    const request = { method: 'GET', route: '/health', status: 200 };
    metrics.countRequest({ ...request, durationMs: 20 });
    metrics.countRequest({ ...request, durationMs: 300 });
    metrics.countAccepted('http');
    metrics.countDecision('approve');
    metrics.readGauges(() => Promise.resolve(gauges));
    const text = await metrics.render();
    const labels = 'http_request_method="GET",http_route="/health",http_response_status_code="200"';
    expect(text).toContain('# TYPE http_server_request_duration_seconds histogram');
    expect(text).toContain(`http_server_request_duration_seconds_count{${labels}} 2`);
    expect(text).toContain(`http_server_request_duration_seconds_sum{${labels}} 0.32`);
    expect(text).toContain(`http_server_request_duration_seconds_bucket{${labels},le="0.025"} 1`);
    expect(text).toContain('holdfast_investigations_accepted_total{trigger="http"} 1');
    expect(text).toContain('holdfast_decisions_signed_total{decision="approve"} 1');
    expect(text).toContain('holdfast_investigations{status="completed"} 5');
    expect(text).toContain('holdfast_outbox_size{kind="starts"} 1');
    await metrics.close();
  });

  test('tell of the telemetry that is received', async () => {
    const metrics = createApiMetrics();
    metrics.countTelemetry('traces', {
      accepted: 7,
      rejected: new Map([['too-old', 2]]),
      repairs: new Map([['secret', 1]]),
    });
    metrics.countRefused('invalid.otlp');
    metrics.countRemoved('age', 512);
    metrics.readGauges(() => Promise.resolve(gauges));
    const text = await metrics.render();
    expect(text).toContain('holdfast_otlp_received_total{signal="traces"} 7');
    expect(text).toContain('holdfast_otlp_rejected_total{signal="traces",reason="too-old"} 2');
    expect(text).toContain('holdfast_otlp_changed_total{signal="traces",reason="secret"} 1');
    expect(text).toContain('holdfast_otlp_refused_total{code="invalid.otlp"} 1');
    expect(text).toContain('holdfast_otlp_removed_bytes_total{because="age"} 512');
    expect(text).toContain('holdfast_otlp_kept_bytes 4096');
    expect(text).toContain('holdfast_otlp_kept_age_seconds 90');
    await metrics.close();
  });

  test('leave out what cannot be read, and tell the rest', async () => {
    const metrics = createApiMetrics();
    metrics.countAccepted('cli');
    metrics.readGauges(() => Promise.reject(new Error('no database')));
    const text = await metrics.render();
    expect(text).toContain('holdfast_investigations_accepted_total{trigger="cli"} 1');
    expect(text).not.toContain('holdfast_outbox_size{');
    await metrics.close();
  });
});
