import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import express from 'express';
import { pino } from 'pino';
import type { AppDependencies } from '../../api/dependencies.ts';
import { createOtlpRoutes } from '../../api/otlp/otlp-routes.ts';
import { sendStatus } from '../../api/otlp/send-status.ts';
import { createApiMetrics } from '../../integrations/opentelemetry/api-metrics.ts';
import { encodeReceipt, encodeStatus } from '../../integrations/otlp/encode-response.ts';
import { createOtlpStore } from '../../integrations/otlp/otlp-store.ts';

/** What the process that takes telemetry says of itself, since it was last asked. */
export interface ServerFigures {
  readonly cpuMs: number;
  readonly peakBytes: number;
  readonly delayP99Ms: number;
}

const config: AppDependencies['config'] = {
  host: '127.0.0.1',
  allowedHosts: [],
  corsOrigins: [],
  temporalAddress: '',
  temporalNamespace: '',
  temporalUiUrl: '',
  gcpWebhookToken: undefined,
  grantTtlMs: 0,
  model: null,
  isModelRequired: false,
};

/** Takes OTLP as the API does, in a process of its own, so that its processor time can be told from that of whoever sends. The folder is its argument. */
function main(dir: string): void {
  const metrics = createApiMetrics();
  const logger = pino({ level: 'warn' });
  const store = createOtlpStore({
    ...{ dir, retentionMs: 3_600_000, maxBytes: 4e9, now: () => Date.now(), pid: process.pid },
    events: {
      onCleaned: (signal, counts) => metrics.countTelemetry(signal, counts),
      onRemoved: () => undefined,
      onFailure: (error) => logger.warn({ err: error }, 'old telemetry cannot be removed'),
    },
  });
  const deps = { otlp: { ...store, encodeReceipt, encodeStatus }, logger, metrics };
  const app = express();
  app.use(createOtlpRoutes({ ...deps, config }), sendStatus(deps));
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  let before = process.cpuUsage();
  process.on('message', () => {
    const { user, system } = process.cpuUsage(before);
    const figures: ServerFigures = {
      cpuMs: (user + system) / 1_000,
      peakBytes: process.resourceUsage().maxRSS * 1_024,
      delayP99Ms: delay.percentile(99) / 1e6,
    };
    before = process.cpuUsage();
    delay.reset();
    process.send?.(figures);
  });
  const server = createServer({ keepAliveTimeout: 60_000 }, app);
  server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
}

main(process.argv[2] ?? '');
