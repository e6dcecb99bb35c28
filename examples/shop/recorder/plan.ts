import { defaultSettings } from '../service/settings.ts';
import { serviceNames } from '../service/options.ts';
import type { ServiceName } from '../service/options.ts';
import {
  defectiveReleases,
  harmlessSettings,
  largeReleases,
  smallReleases,
} from './change-texts.ts';
import type { ChangeText, DefectiveRelease } from './change-texts.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';

/** What can be recorded, in the order `--list` prints it. */
export const scenarioNames = [
  'bad-deploy',
  'slow-dependency',
  'cpu-burn',
  'config-change',
  'healthy',
  'red-herring',
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

/** A change as it stands in the case, but for its time. */
export interface PlannedChange extends ChangeText {
  readonly kind: 'deploy' | 'config';
  readonly id: string;
  readonly service: ServiceName;
  readonly revision?: string;
}

export type Fault =
  | {
      readonly kind: 'deploy';
      readonly service: ServiceName;
      readonly defect: string;
      readonly change: PlannedChange & { readonly revision: string };
    }
  | {
      readonly kind: 'config';
      readonly service: ServiceName;
      readonly settings: Readonly<Record<string, number>>;
      readonly change: PlannedChange;
    }
  | { readonly kind: 'locked-table'; readonly holdMs: number; readonly pauseMs: number }
  | { readonly kind: 'busy-card-network'; readonly extraMs: number; readonly jitterMs: number }
  | {
      readonly kind: 'work';
      readonly service: ServiceName;
      readonly sliceMs: number;
      readonly pauseMs: number;
    };

/** Shares in [0, 1] of the requests that have a trait; they stay the same for the whole recording. */
export type Traits = Readonly<Record<DefectiveRelease['trait'], number>>;

export interface LoadPlan {
  readonly requestsPerSecond: number;
  readonly traits: Traits;
  /** Relative weights of what users do. */
  readonly mix: Readonly<Record<'checkout' | 'order' | 'quote' | 'products' | 'refund', number>>;
}

/** Everything about a recording that its seed decides. Offsets count from the start of the window. */
export interface Plan {
  readonly load: LoadPlan;
  readonly onsetMs: number;
  readonly endMs: number;
  readonly fault: Fault | null;
  readonly decoy: {
    readonly atMs: number;
    readonly change: PlannedChange & { revision: string };
  } | null;
  /** A harmless change of settings that really happens early in the window. */
  readonly aside: {
    readonly atMs: number;
    readonly change: PlannedChange;
    readonly settings: Readonly<Record<string, number>>;
  };
  /** Harmless releases from before the window, with how long before. */
  readonly past: readonly { readonly beforeMs: number; readonly change: PlannedChange }[];
  readonly instances: Readonly<Record<ServiceName, string>>;
  /** The release each service begins with, and the one before it. */
  readonly releases: Readonly<
    Record<ServiceName, { readonly current: string; readonly previous: string }>
  >;
}

export interface PlanRequest {
  readonly scenario: ScenarioName;
  readonly seed: number;
  readonly baselineSeconds: number;
  readonly faultSeconds: number;
  /** In [0, 1]: how hard the fault hits within its range; drawn from the seed when absent. */
  readonly strength?: number;
}

type ReleaseNumbers = Readonly<Record<ServiceName, number>>;

const releaseName = (service: ServiceName, number: number): string => `${service}-r${number}`;

function deployOf(
  service: ServiceName,
  number: number,
  text: ChangeText,
): PlannedChange & { revision: string } {
  const { title, author, files, diff } = text;
  const revision = releaseName(service, number);
  return { kind: 'deploy', id: revision, revision, service, title, author, files, diff };
}

function configOf(
  random: Random,
  service: ServiceName,
  setting: { readonly name: string; readonly to: number; readonly title: string },
): PlannedChange {
  const from = defaultSettings[service][setting.name];
  const file = `config/${service}.yaml`;
  return {
    kind: 'config',
    id: `cfg-${random.whole(1_000, 9_999)}`,
    service,
    title: setting.title,
    author: random.pick(['noor.haddad', 'teo.brandt', 'yusuf.kaya']),
    files: [file],
    diff: `--- a/${file}\n+++ b/${file}\n@@ -1,4 +1,4 @@\n-${setting.name}: ${from}\n+${setting.name}: ${setting.to}`,
  };
}

interface HarmfulSetting {
  readonly service: ServiceName;
  readonly name: string;
  readonly to: number;
  readonly title: string;
}

function planConfigFault(random: Random, strength: number, load: LoadPlan): Fault {
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
    change: configOf(random, setting.service, setting),
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

function planFault(
  scenario: ScenarioName,
  random: Random,
  strength: number,
  load: LoadPlan,
  release: { readonly text: DefectiveRelease; readonly number: number },
): Fault | null {
  switch (scenario) {
    case 'healthy':
      return null;
    case 'bad-deploy': {
      const { service, defect } = release.text;
      return {
        kind: 'deploy',
        service,
        defect,
        change: deployOf(service, release.number, release.text),
      };
    }
    case 'config-change':
      return planConfigFault(random, strength, load);
    case 'cpu-burn':
      return planWork(random, strength);
    case 'slow-dependency':
    case 'red-herring':
      return planSlowDependency(random, strength);
  }
}

function planLoad(random: Random, strength: number, defective: DefectiveRelease): LoadPlan {
  const traits = {
    web: random.between(0.3, 0.6),
    underscoreLocale: random.between(0.3, 0.6),
    silver: random.between(0.3, 0.6),
    locker: random.between(0.3, 0.6),
    largeAmount: random.between(0.3, 0.6),
  };
  return {
    requestsPerSecond: random.between(6.2, 8.4),
    traits: { ...traits, [defective.trait]: 0.42 + 0.48 * strength },
    mix: {
      checkout: random.between(0.36, 0.44),
      order: random.between(0.28, 0.34),
      quote: random.between(0.07, 0.11),
      products: random.between(0.12, 0.18),
      refund: 0.02,
    },
  };
}

const instanceLetters = 'bcdfghjklmnpqrstvwxz2456789';

function planInstances(random: Random): Plan['instances'] {
  const letters = (count: number): string =>
    Array.from(
      { length: count },
      () => instanceLetters[random.whole(0, instanceLetters.length - 1)],
    ).join('');
  const name = (service: ServiceName): string => `${service}-${letters(8)}-${letters(5)}`;
  return { gateway: name('gateway'), checkout: name('checkout'), payments: name('payments') };
}

function planPast(random: Random, numbers: ReleaseNumbers): Plan['past'] {
  const first = random.pick(serviceNames);
  const others = serviceNames.filter((service) => service !== first);
  const second = random.pick([others[0] ?? first, ...others]);
  return [first, second].map((service, index) => ({
    beforeMs: random.between(4, 25) * 60_000 * (index + 1),
    change: deployOf(service, numbers[service], random.pick(smallReleases[service])),
  }));
}

/** Draws a recording from its seed. The same request gives the same plan. */
export function planRecording(request: PlanRequest): Plan {
  const { scenario, seed } = request;
  const random = createRandom(seed, scenario);
  const drawnStrength = random.next();
  const strength = request.strength ?? drawnStrength;
  const defective = random.pick(defectiveReleases);
  const load = planLoad(random, strength, defective);
  const shiftSeconds = Math.min(20, request.baselineSeconds * 0.22);
  const onsetMs = Math.round(
    (request.baselineSeconds + random.between(-shiftSeconds, shiftSeconds)) * 1_000,
  );
  const numbers: ReleaseNumbers = {
    gateway: random.whole(310, 390),
    checkout: random.whole(110, 190),
    payments: random.whole(205, 280),
  };
  const fault = planFault(scenario, random, strength, load, {
    text: defective,
    number: numbers[defective.service] + 1,
  });
  const decoyService = random.pick(['gateway', 'checkout'] as const);
  const decoyLeadMs = Math.min(random.between(20, 60) * 1_000, onsetMs * 0.7);
  const aside = random.pick(harmlessSettings);
  return {
    load,
    onsetMs,
    endMs: onsetMs + request.faultSeconds * 1_000,
    fault,
    decoy:
      scenario === 'red-herring'
        ? {
            atMs: Math.round(onsetMs - decoyLeadMs),
            change: deployOf(decoyService, numbers[decoyService] + 1, largeReleases[decoyService]),
          }
        : null,
    aside: {
      atMs: Math.round(onsetMs * random.between(0.06, 0.25)),
      change: configOf(random, aside.service, aside),
      settings: { [aside.name]: aside.to },
    },
    past: planPast(random, numbers),
    instances: planInstances(random),
    releases: {
      gateway: releasePair('gateway', numbers),
      checkout: releasePair('checkout', numbers),
      payments: releasePair('payments', numbers),
    },
  };
}

function releasePair(
  service: ServiceName,
  numbers: ReleaseNumbers,
): { readonly current: string; readonly previous: string } {
  return {
    current: releaseName(service, numbers[service]),
    previous: releaseName(service, numbers[service] - 1),
  };
}
