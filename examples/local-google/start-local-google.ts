import { once } from 'node:events';
import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createBigQueryRoutes } from './bigquery-routes.ts';
import { createCounts } from './counts.ts';
import { createFaults } from './faults.ts';
import type { FaultRules } from './faults.ts';
import { startGrpcServer } from './grpc-server.ts';
import { createHttpServer } from './http-server.ts';
import { toLogEntries } from './log-entries.ts';
import { createLoggingService } from './logging-service.ts';
import { createMonitoringService } from './monitoring-service.ts';
import { createPrometheusRoutes } from './prometheus-routes.ts';
import { readWorld } from './read-world.ts';
import { toTimeSeries } from './time-series.ts';
import { createTraceRoutes } from './trace-routes.ts';
import { toTraces } from './traces.ts';
import { openWarehouse } from './warehouse.ts';

export interface LocalGoogle {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** How every HTTP/2 connection begins, and no HTTP/1.1 request. */
const http2Preface = 'PRI';

/**
 * Starts a server that speaks as Google Cloud does, about what a case folder holds: Cloud Logging and Cloud Monitoring over gRPC, Cloud Trace and BigQuery over
 * REST, all on one port of loopback. `port` 0 takes any.
 */
export async function startLocalGoogle(options: {
  readonly caseDir: string;
  readonly projectId: string;
  readonly port: number;
  readonly faults?: FaultRules;
  /** Entries of the audit log beside the changes of the case; none unless told. */
  readonly controllerWrites?: number;
}): Promise<LocalGoogle> {
  const { projectId } = options;
  const world = await readWorld(options.caseDir);
  const around = {
    projectId,
    counts: createCounts(),
    faults: createFaults(options.faults ?? { faults: [] }),
  };
  const received: unknown[] = [];
  const series = toTimeSeries(world, projectId);
  const warehouse = await openWarehouse(world);
  const grpc = await startGrpcServer(
    [
      createLoggingService(toLogEntries(world, projectId, options.controllerWrites), projectId),
      createMonitoringService(series, projectId),
    ],
    around,
  );
  const http = createHttpServer(
    [
      ...createTraceRoutes(toTraces(world, projectId), projectId, received),
      ...createBigQueryRoutes(warehouse, projectId),
      ...createPrometheusRoutes(series, projectId),
    ],
    { ...around, received },
  );
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      if (!first.toString('latin1').startsWith(http2Preface)) http.emit('connection', socket);
      else passOn(socket, grpc.port);
      process.nextTick(() => socket.resume());
    });
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      grpc.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
      warehouse.close();
    },
  };
}

function passOn(socket: Socket, port: number): void {
  const inner = connect(port, '127.0.0.1');
  inner.on('error', () => socket.destroy());
  socket.on('close', () => inner.destroy());
  socket.pipe(inner).pipe(socket);
}
