import { serviceNames } from '../service/options.ts';
import type { ServiceName } from '../service/options.ts';
import { startChild } from './child.ts';
import type { Child } from './child.ts';
import type { LedgerDatabase } from './ledger-database.ts';
import type { Plan } from './plan.ts';

/** The running shop: three services, and the card network they know nothing about. */
export interface Shop {
  readonly gatewayUrl: string;
  readonly services: Readonly<Record<ServiceName, Child>>;
  readonly cardNetwork: Child;
  /** Rejects when any process of the shop dies by itself. */
  readonly died: Promise<never>;
  readonly flush: () => Promise<void>;
}

const serviceModule = new URL(import.meta.resolve('../service.ts'));
const cardNetworkModule = new URL(import.meta.resolve('../payments/card-network.ts'));
const urlOf = (child: Child): string => `http://127.0.0.1:${child.port}`;

/**
 * Starts the shop from the back to the front. Each started child is handed to `onStarted` at once, so that it can be
 * stopped also when a later one fails.
 */
export async function startShop(options: {
  readonly plan: Plan;
  readonly collectorUrl: string;
  readonly database: LedgerDatabase;
  readonly stateDir: string;
  readonly onStarted: (child: Child) => void;
}): Promise<Shop> {
  const { plan, onStarted } = options;
  const start = async (name: string, module: URL, args: readonly string[]): Promise<Child> => {
    const child = await startChild(name, module, args);
    onStarted(child);
    return child;
  };
  const startService = (name: ServiceName, neighbours: readonly string[]): Promise<Child> =>
    start(name, serviceModule, [
      ...['--name', name, '--state', options.stateDir, '--instance', plan.instances[name]],
      ...['--revision', plan.releases[name].current],
      ...['--previous-revision', plan.releases[name].previous],
      ...['--otlp', options.collectorUrl, ...neighbours],
    ]);
  const cardNetwork = await start('card-network', cardNetworkModule, []);
  const payments = await startService('payments', [
    ...['--database-url', options.database.url, '--card-network-url', urlOf(cardNetwork)],
  ]);
  const checkout = await startService('checkout', ['--payments-url', urlOf(payments)]);
  const gateway = await startService('gateway', ['--checkout-url', urlOf(checkout)]);
  const services = { gateway, checkout, payments };
  return {
    gatewayUrl: urlOf(gateway),
    services,
    cardNetwork,
    died: Promise.race([gateway.died, checkout.died, payments.died, cardNetwork.died]),
    flush: async () => {
      await Promise.all(serviceNames.map((name) => services[name].ask({ kind: 'flush' })));
    },
  };
}
