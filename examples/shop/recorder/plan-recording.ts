import { serviceNames } from '../service/options.ts';
import type { ServiceName } from '../service/options.ts';
import {
  decoySettings,
  defectiveReleases,
  harmlessSettings,
  largeReleases,
  smallReleases,
} from './change-texts.ts';
import type { DefectiveRelease } from './change-texts.ts';
import { configOf, deployOf, releaseName } from './plan-change.ts';
import { planFault } from './plan-fault.ts';
import type { LoadPlan, Plan, PlanRequest } from './plan.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';

type ReleaseNumbers = Readonly<Record<ServiceName, number>>;

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

/** One value for every service. */
function forEachService<Value>(
  make: (service: ServiceName) => Value,
): Readonly<Record<ServiceName, Value>> {
  return {
    gateway: make('gateway'),
    checkout: make('checkout'),
    catalog: make('catalog'),
    inventory: make('inventory'),
    cache: make('cache'),
    payments: make('payments'),
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
  return forEachService(name);
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
    catalog: random.whole(60, 95),
    inventory: random.whole(40, 75),
    cache: random.whole(10, 25),
  };
  const asideNumber = random.whole(1_000, 9_900);
  const decoyService = random.pick(['gateway', 'checkout'] as const);
  const fault = planFault(scenario, random, strength, load, {
    release: defective,
    releaseNumber: numbers[defective.service] + 1,
    configNumber: asideNumber + random.whole(1, 9),
    decoyService,
  });
  const decoyLeadMs = Math.min(random.between(20, 60) * 1_000, onsetMs * 0.7);
  const aside = random.pick(harmlessSettings);
  return {
    load,
    onsetMs,
    endMs: onsetMs + request.faultSeconds * 1_000,
    fault,
    decoy: planDecoy(scenario, random, {
      service: decoyService,
      atMs: Math.round(onsetMs - decoyLeadMs),
      onsetMs,
      releaseNumber: numbers[decoyService] + 1,
      configNumber: asideNumber + 10,
    }),
    swell: scenario === 'healthy-2' ? random.between(1.35, 1.6) : 1,
    aside: {
      atMs: Math.round(onsetMs * random.between(0.06, 0.25)),
      change: configOf(random, asideNumber, aside.service, aside),
      settings: { [aside.name]: aside.to },
    },
    past: planPast(random, numbers),
    instances: planInstances(random),
    releases: forEachService((service) => releasePair(service, numbers)),
  };
}

/** Draws the harmless change that stands where a guilty one would; null in the scenarios without. */
function planDecoy(
  scenario: PlanRequest['scenario'],
  random: Random,
  decoy: {
    readonly service: 'gateway' | 'checkout';
    readonly atMs: number;
    readonly onsetMs: number;
    readonly releaseNumber: number;
    readonly configNumber: number;
  },
): Plan['decoy'] {
  const { service, atMs, onsetMs } = decoy;
  const change = deployOf(service, decoy.releaseNumber, largeReleases[service]);
  switch (scenario) {
    case 'red-herring':
    case 'red-herring-2':
      return { atMs, change };
    case 'healthy-3':
      return { atMs: onsetMs, change };
    case 'red-herring-3': {
      const setting = random.pick(decoySettings);
      return {
        atMs,
        change: configOf(random, decoy.configNumber, setting.service, setting),
        settings: { [setting.name]: setting.to },
      };
    }
    default:
      return null;
  }
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
