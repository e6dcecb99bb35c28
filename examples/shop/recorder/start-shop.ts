import path from 'node:path';
import { serviceNames } from '../service/options.ts';
import type { ServiceName } from '../service/options.ts';
import { startChild } from './child.ts';
import type { Child } from './child.ts';
import { keepChild } from './kept-child.ts';
import type { Plan } from './plan.ts';
import type { ShopDatabases } from './shop-databases.ts';

/** The running shop: its services, and the card network they know nothing about. */
export interface Shop {
  readonly gatewayUrl: string;
  readonly services: Readonly<Record<ServiceName, Child>>;
  readonly cardNetwork: Child;
  /** Rejects when a process of the shop died and could not be started again. */
  readonly died: Promise<never>;
  /** Has every service send what it still holds; one that is dying is left out. */
  readonly flush: () => Promise<void>;
}

/** Compiled, this file and its neighbours end otherwise. */
const extension = path.extname(import.meta.url);
const serviceModule = new URL(`../service${extension}`, import.meta.url);
const cardNetworkModule = new URL(`../payments/card-network${extension}`, import.meta.url);
const urlOf = (child: Child): string => `http://127.0.0.1:${child.port}`;

/** Each service has so much memory; a process that needs more ends, as a container would. */
const heapMegabytes = 128;

/**
 * Starts the shop from the back to the front. Each started child is handed to `onStarted` at once, so that it can be
 * stopped also when a later one fails. With the
 * token in SHOP_OPS_TOKEN the services obey operators.
 */
export async function startShop(options: {
  readonly plan: Plan;
  readonly collectorUrl: string;
  readonly databases: ShopDatabases;
  readonly stateDir: string;
  /** Where services listen; any free port where none is given. */
  readonly ports?: Readonly<Partial<Record<ServiceName, number>>>;
  readonly onStarted: (child: Child) => void;
}): Promise<Shop> {
  const { plan, databases, onStarted } = options;
  const startService = async (
    name: ServiceName,
    neighbours: Readonly<Record<string, Child>>,
    databaseUrl?: string,
  ): Promise<Child> => {
    const args = [
      ...['--name', name, '--state', options.stateDir, '--instance', plan.instances[name]],
      ...['--revision', plan.releases[name].current],
      ...['--previous-revision', plan.releases[name].previous],
      ...['--otlp', options.collectorUrl],
      ...(databaseUrl === undefined ? [] : ['--database-url', databaseUrl]),
      ...Object.entries(neighbours).flatMap(([to, child]) => [`--${to}-url`, urlOf(child)]),
    ];
    const child = await keepChild(
      (port) => startChild(name, serviceModule, [...args, '--port', String(port)], heapMegabytes),
      options.ports?.[name],
    );
    onStarted(child);
    return child;
  };
  const cardNetwork = await startChild('card-network', cardNetworkModule, []);
  onStarted(cardNetwork);
  const { ledger, stock, cache: pages } = databases.urls;
  const [payments, inventory, cache] = await Promise.all([
    startService('payments', { 'card-network': cardNetwork }, ledger),
    startService('inventory', {}, stock),
    startService('cache', {}, pages),
  ]);
  const [checkout, catalog] = await Promise.all([
    startService('checkout', { payments, inventory }),
    startService('catalog', { inventory, cache }),
  ]);
  const gateway = await startService('gateway', { checkout, catalog });
  const services = { gateway, checkout, catalog, inventory, cache, payments };
  return {
    gatewayUrl: urlOf(gateway),
    services,
    cardNetwork,
    died: Promise.race([...Object.values(services), cardNetwork].map(({ died }) => died)),
    flush: async () => {
      await Promise.allSettled(serviceNames.map((name) => services[name].ask({ kind: 'flush' })));
    },
  };
}
