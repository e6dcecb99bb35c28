import http from 'node:http';
import express from 'express';
import type { Express, Router } from 'express';
import { cachePeer, createCacheRoutes, startTidying } from './cache/routes.ts';
import { createCatalogRoutes } from './catalog/routes.ts';
import { createCheckoutRoutes } from './checkout/routes.ts';
import { createGatewayRoutes } from './gateway/routes.ts';
import { createInventoryRoutes, stockPeer } from './inventory/routes.ts';
import { cardNetworkPeer } from './payments/card-client.ts';
import { createPaymentsRoutes, ledgerPeer } from './payments/routes.ts';
import { startSettlement } from './payments/settlement.ts';
import { obeyParent } from './service/control.ts';
import type { ReadyMessage } from './service/control.ts';
import { openDatabase } from './service/database.ts';
import type { Database } from './service/database.ts';
import { createInFlight } from './service/in-flight.ts';
import { createInstruments } from './service/instruments.ts';
import { openOpsJournal } from './service/ops-journal.ts';
import type { OpsJournal } from './service/ops-journal.ts';
import { createOpsRoutes } from './service/ops-routes.ts';
import { parseServiceOptions, serviceUsage } from './service/options.ts';
import type { ServiceOptions } from './service/options.ts';
import { createRequestJournal } from './service/request-journal.ts';
import { createReleases } from './service/releases.ts';
import type { Releases } from './service/releases.ts';
import type { Runtime } from './service/runtime.ts';
import { answerErrors, traceRequests } from './service/serve-requests.ts';
import { createSettings } from './service/settings.ts';
import { startTelemetry } from './service/telemetry.ts';
import type { Telemetry } from './service/telemetry.ts';

function restoreReleases(
  options: ServiceOptions,
  journal: OpsJournal,
  telemetry: Telemetry,
): Releases {
  const { name, revision, previousRevision, defect } = options;
  const releases = createReleases({
    revision,
    previousRevision,
    defects: new Map(defect === undefined ? [] : [[revision, defect]]),
    onActivated: (current, previous) =>
      telemetry.log('INFO', `${name} release ${current} is serving, was ${previous}`),
  });
  const serving = journal.servingRevision();
  if (serving !== undefined && releases.isKnown(serving)) releases.activate(serving);
  return releases;
}

function createRuntime(options: ServiceOptions, journal: OpsJournal): Runtime {
  const telemetry = startTelemetry({
    service: options.name,
    instance: options.instance,
    ...(options.otlpUrl !== undefined && { otlpUrl: options.otlpUrl }),
  });
  const inFlight = createInFlight();
  return {
    options,
    startedAt: new Date(),
    telemetry,
    inFlight,
    journal: createRequestJournal(),
    instruments: createInstruments(telemetry.meter, inFlight.count),
    settings: createSettings(options.name),
    releases: restoreReleases(options, journal, telemetry),
  };
}

interface Domain {
  readonly routes: Router;
  /** The database that the service owns. */
  readonly database?: Database;
  /** Name of each neighbour, and `connected` or `not connected`. */
  readonly dependencies: () => Readonly<Record<string, string>>;
}

const connection = (isConnected: boolean): string => (isConnected ? 'connected' : 'not connected');

function createDomain(runtime: Runtime): Domain {
  const { options } = runtime;
  switch (options.name) {
    case 'gateway':
      return {
        routes: createGatewayRoutes(runtime),
        dependencies: () => ({
          checkout: connection(options.checkoutUrl !== undefined),
          catalog: connection(options.catalogUrl !== undefined),
        }),
      };
    case 'checkout':
      return {
        routes: createCheckoutRoutes(runtime),
        dependencies: () => ({
          payments: connection(options.paymentsUrl !== undefined),
          inventory: connection(options.inventoryUrl !== undefined),
        }),
      };
    case 'catalog':
      return {
        routes: createCatalogRoutes(runtime),
        dependencies: () => ({
          cache: connection(options.cacheUrl !== undefined),
          inventory: connection(options.inventoryUrl !== undefined),
        }),
      };
    case 'inventory':
      return ownDomain(openDatabase(runtime, stockPeer, 'stock'), (database) =>
        createInventoryRoutes(runtime, database),
      );
    case 'cache':
      return ownDomain(openDatabase(runtime, cachePeer, 'cache'), (database) => {
        if (options.databaseUrl !== undefined) startTidying(runtime, database).unref();
        return createCacheRoutes(runtime, database);
      });
    case 'payments': {
      const ledger = openDatabase(runtime, ledgerPeer, 'ledger');
      if (options.databaseUrl !== undefined && options.cardNetworkUrl !== undefined) {
        startSettlement(runtime, ledger).unref();
      }
      return {
        routes: createPaymentsRoutes(runtime, ledger),
        database: ledger,
        dependencies: () => ({
          [ledgerPeer]: connection(ledger.isConnected()),
          [cardNetworkPeer]: connection(options.cardNetworkUrl !== undefined),
        }),
      };
    }
  }
}

/** A service with a database and no neighbours. */
function ownDomain(database: Database, createRoutes: (database: Database) => Router): Domain {
  return {
    routes: createRoutes(database),
    database,
    dependencies: () => ({ [database.peer]: connection(database.isConnected()) }),
  };
}

function createApp(runtime: Runtime, journal: OpsJournal, domain: Domain): Express {
  const app = express().disable('x-powered-by').disable('etag');
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok', service: runtime.options.name });
  });
  app.use('/ops', createOpsRoutes(runtime, journal, domain.dependencies));
  app.use(traceRequests(runtime));
  app.use(express.json({ limit: '32kb' }));
  app.use(domain.routes);
  app.use((_request, response) => {
    response.status(404).json({ title: 'not-found', status: 404, detail: 'no such path' });
  });
  app.use(answerErrors(runtime));
  return app;
}

function stopOnSignal(server: http.Server, telemetry: Telemetry): void {
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
    void telemetry.flush().finally(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

/** Runs one service of the shop until it is told to stop; prints one JSON line with its port when it listens. */
function main(): void {
  if (process.argv.includes('--help')) {
    process.stdout.write(serviceUsage);
    return;
  }
  const options = parseServiceOptions(process.argv.slice(2), process.env);
  const journal = openOpsJournal(options.stateDir, options.name);
  const runtime = createRuntime(options, journal);
  const domain = createDomain(runtime);
  const server = http.createServer(createApp(runtime, journal, domain));
  stopOnSignal(server, runtime.telemetry);
  obeyParent(runtime, domain.database);
  server.listen(options.port, options.host, () => {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : options.port;
    const line = { service: options.name, port, revision: runtime.releases.current() };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    runtime.telemetry.log('INFO', `${options.name} is listening on port ${port}`);
    process.send?.({ ready: true, port } satisfies ReadyMessage);
  });
  server.on('error', (error) => {
    process.stderr.write(
      `${options.name} cannot listen on ${options.host}:${options.port}: ${error.message}\n`,
    );
    process.exit(2);
  });
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
}
