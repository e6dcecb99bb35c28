import { serviceNames } from '../service/options.ts';
import type { ServiceName } from '../service/options.ts';
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
  if (random.chance(0.5)) {
    return { kind: 'locked-table', holdMs: Math.round(480 + 420 * strength), pauseMs: 40 };
  }
  const extraMs = Math.round(320 + 480 * strength);
  return { kind: 'busy-card-network', extraMs, jitterMs: Math.round(extraMs * 0.4) };
}

const sliceRangesMs: Readonly<Record<ServiceName, readonly [number, number]>> = {
  gateway: [240, 380],
  checkout: [220, 340],
  payments: [160, 260],
};

function planWork(random: Random, strength: number): Fault {
  const service = random.pick(serviceNames);
  const [low, high] = sliceRangesMs[service];
  return {
    kind: 'work',
    service,
    sliceMs: Math.round(low + (high - low) * strength),
    pauseMs: random.whole(12, 20),
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
  },
): Fault | null {
  switch (scenario) {
    case 'healthy':
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
    case 'slow-dependency':
    case 'red-herring':
      return planSlowDependency(random, strength);
  }
}
