import type { ServiceName } from './options.ts';

export type Settings = Readonly<Record<string, number>>;

/** What each service runs with until someone changes it; every value is a number with its unit in the name. */
export const defaultSettings: Readonly<Record<ServiceName, Settings>> = {
  gateway: {
    checkoutTimeoutMs: 4_000,
    catalogTimeoutMs: 2_500,
    maxRequestsPerSecond: 25,
    productPageSize: 20,
  },
  checkout: {
    paymentsTimeoutMs: 3_000,
    paymentsRetries: 0,
    inventoryTimeoutMs: 2_500,
    inventoryRetries: 0,
    maxRequestsPerSecond: 60,
    quoteValidMinutes: 30,
    orderHistoryLimit: 5_000,
  },
  catalog: {
    cacheTimeoutMs: 1_500,
    inventoryTimeoutMs: 2_000,
    pageCacheSeconds: 15,
    maxRequestsPerSecond: 60,
  },
  inventory: {
    maxRequestsPerSecond: 14,
    poolMax: 8,
    lowStockLimit: 25,
  },
  cache: {
    maxRequestsPerSecond: 120,
    poolMax: 6,
    entryLimit: 500,
  },
  payments: {
    cardNetworkTimeoutMs: 2_500,
    cardNetworkRetries: 1,
    maxRequestsPerSecond: 22,
    poolMax: 10,
    settlementBatchSize: 50,
  },
};

/** The settings of a running service: read on every use, so that a change takes effect with the next request. */
export interface SettingsStore {
  /** Throws for a name the service does not have: a misspelt setting must not read as zero. */
  readonly get: (name: string) => number;
  readonly all: () => Settings;
  readonly change: (changes: Settings) => void;
}

export function createSettings(service: ServiceName): SettingsStore {
  let current: Settings = defaultSettings[service];
  return {
    get: (name) => {
      const value = current[name];
      if (value === undefined) throw new Error(`${service} has no setting "${name}"`);
      return value;
    },
    all: () => current,
    change: (changes) => {
      for (const name of Object.keys(changes)) {
        if (!(name in current)) throw new Error(`${service} has no setting "${name}"`);
      }
      current = { ...current, ...changes };
    },
  };
}
