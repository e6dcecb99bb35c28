import { context, createNoopMeter, trace } from '@opentelemetry/api';
import type { Attributes, Meter, Tracer } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import {
  AggregationTemporalityPreference,
  OTLPMetricExporter,
} from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { Resource } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

export type LogLevel = 'INFO' | 'WARN' | 'ERROR';
export type WriteLog = (level: LogLevel, body: string, attributes?: Attributes) => void;

/** What a service reports through. Without a collector everything is a no-op. */
export interface Telemetry {
  readonly tracer: Tracer;
  readonly meter: Meter;
  /** Writes one structured log record, tied to the active span. */
  readonly log: WriteLog;
  /** Sends what is still buffered; resolves also when the collector is gone. */
  readonly flush: () => Promise<void>;
}

const severityNumbers = {
  INFO: SeverityNumber.INFO,
  WARN: SeverityNumber.WARN,
  ERROR: SeverityNumber.ERROR,
} as const;

const metricIntervalMs = 5_000;
const batchDelayMs = 1_500;

function silentTelemetry(service: string): Telemetry {
  return {
    tracer: trace.getTracer(service),
    meter: createNoopMeter(),
    log: () => undefined,
    flush: () => Promise.resolve(),
  };
}

interface Providers {
  readonly tracerProvider: BasicTracerProvider;
  readonly meterProvider: MeterProvider;
  readonly loggerProvider: LoggerProvider;
}

function createProviders(resource: Resource, otlpUrl: string): Providers {
  const spans = new BatchSpanProcessor(new OTLPTraceExporter({ url: `${otlpUrl}/v1/traces` }), {
    scheduledDelayMillis: batchDelayMs,
  });
  const metrics = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter({
      url: `${otlpUrl}/v1/metrics`,
      temporalityPreference: AggregationTemporalityPreference.LOWMEMORY,
    }),
    exportIntervalMillis: metricIntervalMs,
  });
  const records = new BatchLogRecordProcessor({
    exporter: new OTLPLogExporter({ url: `${otlpUrl}/v1/logs` }),
    scheduledDelayMillis: batchDelayMs,
  });
  return {
    tracerProvider: new BasicTracerProvider({ resource, spanProcessors: [spans] }),
    meterProvider: new MeterProvider({ resource, readers: [metrics] }),
    loggerProvider: new LoggerProvider({ resource, processors: [records] }),
  };
}

/**
 * Starts the three OpenTelemetry signals of one service over OTLP/HTTP with JSON bodies. Histograms are sent as deltas
 * and observable counters as running totals; `otlpUrl` is the collector's base URL.
 */
export function startTelemetry(options: {
  readonly service: string;
  readonly instance: string;
  readonly otlpUrl?: string;
}): Telemetry {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const { service, otlpUrl } = options;
  if (otlpUrl === undefined) return silentTelemetry(service);
  const resource = resourceFromAttributes({
    'service.name': service,
    'service.namespace': 'shop',
    'service.instance.id': options.instance,
  });
  const { tracerProvider, meterProvider, loggerProvider } = createProviders(resource, otlpUrl);
  const logger = loggerProvider.getLogger('shop');
  return {
    tracer: tracerProvider.getTracer('shop'),
    meter: meterProvider.getMeter('shop'),
    log: (level, body, attributes = {}) =>
      logger.emit({
        severityNumber: severityNumbers[level],
        severityText: level,
        body,
        attributes,
        timestamp: Date.now(),
        context: context.active(),
      }),
    flush: async () => {
      await Promise.allSettled([
        tracerProvider.forceFlush(),
        meterProvider.forceFlush(),
        loggerProvider.forceFlush(),
      ]);
    },
  };
}
