import { createServer } from 'node:http';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter as JsonLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter as JsonMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';

/** Which exporters of OpenTelemetry send. */
export type Encoding = 'json' | 'protobuf';

const exporters = {
  json: { spans: JsonTraceExporter, metrics: JsonMetricExporter, logs: JsonLogExporter },
  protobuf: {
    spans: ProtobufTraceExporter,
    metrics: ProtobufMetricExporter,
    logs: ProtobufLogExporter,
  },
} as const;

/** The instants of the span that is sent, in epoch milliseconds. */
export interface SentSpan {
  readonly startAt: number;
  readonly endAt: number;
}

/** Sends one span, one log record and three metrics of the service `shop` to `url` with the exporters of OpenTelemetry; resolves when they have been answered. */
export async function exportEverything(
  url: string,
  encoding: Encoding,
  { startAt, endAt }: SentSpan,
): Promise<void> {
  const kind = exporters[encoding];
  const resource = resourceFromAttributes({ 'service.name': 'shop', 'service.version': '1.4.0' });
  const to = (signal: string) => ({ url: `${url}/v1/${signal}` });
  const spans = new BasicTracerProvider({
    resource,
    spanProcessors: [new SimpleSpanProcessor(new kind.spans(to('traces')))],
  });
  const logs = new LoggerProvider({
    resource,
    processors: [new SimpleLogRecordProcessor({ exporter: new kind.logs(to('logs')) })],
  });
  const reader = new PeriodicExportingMetricReader({
    exporter: new kind.metrics(to('metrics')),
    exportIntervalMillis: 3_600_000,
  });
  const meters = new MeterProvider({ resource, readers: [reader] });
  const span = spans.getTracer('shop', '1.0').startSpan('GET /items', {
    kind: SpanKind.SERVER,
    startTime: startAt,
    attributes: { 'http.response.status_code': 500, ratio: 0.5, retried: true, hosts: ['a', 'b'] },
  });
  span.addEvent('exception', { 'exception.message': 'no database' });
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'password=hunter2 refused' });
  span.end(endAt);
  logs.getLogger('shop').emit({
    timestamp: startAt,
    severityNumber: SeverityNumber.ERROR,
    severityText: 'ERROR',
    body: 'cannot connect to postgres://shop:hunter2@db/shop',
    attributes: { order: 7 },
  });
  const meter = meters.getMeter('shop');
  meter.createCounter('requests').add(3, { route: '/items' });
  meter.createHistogram('latency', { unit: 'ms' }).record(12.5);
  meter.createGauge('memory').record(2 ** 53);
  await Promise.all([spans.forceFlush(), logs.forceFlush(), meters.forceFlush()]);
  await Promise.all([spans.shutdown(), logs.shutdown(), meters.shutdown()]);
}

/** An export request as an exporter sent it. */
export interface Recorded {
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
}

/** Records what `exportEverything` sends. */
export async function recordExports(encoding: Encoding, span: SentSpan): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      const contentType = headers['content-type'] ?? '';
      recorded.push({ path, contentType, body: Buffer.concat(chunks) });
      response.writeHead(200, { 'content-type': contentType }).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await exportEverything(`http://127.0.0.1:${port}`, encoding, span);
  await new Promise<void>((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
  return recorded;
}
