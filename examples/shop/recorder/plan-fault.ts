import type { ServiceName } from '../service/options.ts';
import { defaultSettings } from '../service/settings.ts';
import type { DefectiveRelease } from './change-texts.ts';
import { configOf, deployOf } from './plan-change.ts';
import type { Fault, LoadPlan, ScenarioName } from './plan.ts';
import type { Random } from './random.ts';

interface HarmfulSetting {
  readonly service: ServiceName;
  readonly name: string;
  readonly to: number;
  readonly title: string;
}

function planConfigFault(random: Random, strength: number, load: LoadPlan, number: number): Fault {
  const within = (low: number, high: number): number => Math.round(high - (high - low) * strength);
  const setting = random.pick<HarmfulSetting>([
    {
      service: 'gateway',
      name: 'checkoutTimeoutMs',
      to: within(45, 68),
      title: 'Fail fast when checkout is slow',
    },
    {
      service: 'checkout',
      name: 'paymentsTimeoutMs',
      to: within(42, 65),
      title: 'Tighten the time-out towards payments',
    },
    {
      service: 'payments',
      name: 'cardNetworkTimeoutMs',
      to: within(36, 56),
      title: 'Shorter time-out for card messages',
    },
    {
      service: 'gateway',
      name: 'maxRequestsPerSecond',
      to: Math.max(2, Math.round(load.requestsPerSecond * (0.6 - 0.3 * strength))),
      title: 'Limit requests a second per instance',
    },
  ]);
  return {
    kind: 'config',
    service: setting.service,
    settings: { [setting.name]: setting.to },
    change: configOf(random, number, setting.service, setting),
  };
}

function planSlowDependency(random: Random, strength: number): Fault {
  const place = random.pick(['ledger', 'ledger', 'stock', 'card-network', 'card-network']);
  if (place !== 'card-network') {
    const holdMs = Math.round(480 + 420 * strength);
    return { kind: 'locked-table', database: place, holdMs, pauseMs: 40 };
  }
  const extraMs = Math.round(320 + 480 * strength);
  return { kind: 'busy-card-network', extraMs, jitterMs: Math.round(extraMs * 0.4) };
}

const sliceRangesMs = {
  gateway: [240, 380],
  checkout: [220, 340],
  inventory: [200, 320],
  payments: [160, 260],
} as const;
type BusyService = keyof typeof sliceRangesMs;

function planWork(random: Random, strength: number, spared?: ServiceName): Fault {
  const places: readonly BusyService[] = ['gateway', 'checkout', 'inventory', 'payments'];
  const others = places.filter((place) => place !== spared);
  const service = random.pick(['payments', ...others.filter((place) => place !== 'payments')]);
  const [low, high] = sliceRangesMs[service];
  return {
    kind: 'work',
    service,
    sliceMs: Math.round(low + (high - low) * strength),
    pauseMs: random.whole(12, 20),
  };
}

function planLeak(random: Random, strength: number): Fault {
  const service = random.pick(['checkout', 'payments']);
  return { kind: 'leak', service, entriesPerRequest: Math.round(5_000 + 4_000 * strength) };
}

function planReconcile(random: Random, strength: number): Fault {
  const service = random.pick(['payments', 'inventory']);
  const holdMs = Math.round(600 + 500 * strength);
  return { kind: 'reconcile', service, batches: random.whole(24, 30), holdMs };
}

/** Users come in far beyond what the gateway takes; sometimes most of them for one thing. */
function planSurge(random: Random, strength: number, load: LoadPlan): Fault {
  const favourite = random.pick(['none', 'products', 'quote']);
  const mix = favourite === 'none' ? load.mix : { ...load.mix, [favourite]: load.mix.checkout * 3 };
  return { kind: 'surge', factor: (50 + 25 * strength) / load.requestsPerSecond, mix };
}

/** Half as much again as the quota of ten seconds allows. */
const burstOf = (to: ServiceName): number =>
  Math.round(15 * (defaultSettings[to]['maxRequestsPerSecond'] ?? 0));

function planStorm(random: Random, strength: number): Fault {
  const retries = Math.round(22 + 8 * strength);
  const client = { kind: 'storm', service: 'checkout' } as const;
  return random.chance(0.6)
    ? {
        ...client,
        settings: { paymentsRetries: retries },
        burst: { to: 'payments', path: '/charges/ch-0000000000', requests: burstOf('payments') },
      }
    : {
        ...client,
        settings: { inventoryRetries: retries },
        burst: { to: 'inventory', path: '/stock', requests: burstOf('inventory') },
      };
}

/** Draws the fault of a scenario; null when nothing is to happen. */
export function planFault(
  scenario: ScenarioName,
  random: Random,
  strength: number,
  load: LoadPlan,
  next: {
    readonly release: DefectiveRelease;
    readonly releaseNumber: number;
    readonly configNumber: number;
    readonly decoyService: ServiceName;
  },
): Fault | null {
  switch (scenario) {
    case 'healthy':
    case 'healthy-2':
    case 'healthy-3':
      return null;
    case 'bad-deploy': {
      const { service, defect } = next.release;
      return {
        kind: 'deploy',
        service,
        defect,
        change: deployOf(service, next.releaseNumber, next.release),
      };
    }
    case 'config-change':
      return planConfigFault(random, strength, load, next.configNumber);
    case 'cpu-burn':
      return planWork(random, strength);
    case 'red-herring-2':
      return planWork(random, strength, next.decoyService);
    case 'memory-leak':
      return planLeak(random, strength);
    case 'connection-pool':
      return planReconcile(random, strength);
    case 'traffic-surge':
      return planSurge(random, strength, load);
    case 'retry-storm':
      return planStorm(random, strength);
    case 'slow-dependency':
    case 'red-herring':
    case 'red-herring-3':
      return planSlowDependency(random, strength);
  }
}
