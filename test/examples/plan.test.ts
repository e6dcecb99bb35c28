import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planRecording } from '../../examples/shop/recorder/plan-recording.ts';
import { scenarioNames } from '../../examples/shop/recorder/plan.ts';
import type { Plan, PlanRequest, ScenarioName } from '../../examples/shop/recorder/plan.ts';
import { toTruthRow } from '../../examples/shop/recorder/truth.ts';
import { defaultSettings } from '../../examples/shop/service/settings.ts';

const request = (scenario: ScenarioName, seed: number): PlanRequest => ({
  scenario,
  seed,
  baselineSeconds: 90,
  faultSeconds: 60,
});

const anyScenario = fc.constantFrom(...scenarioNames);
const anySeed = fc.nat();

function plansOf(scenario: ScenarioName): readonly Plan[] {
  return Array.from({ length: 200 }, (_unused, seed) => planRecording(request(scenario, seed)));
}

describe('the plan of a recording', () => {
  test('is the same for the same seed', () => {
    fc.assert(
      fc.property(anyScenario, anySeed, (scenario, seed) => {
        const plan = planRecording(request(scenario, seed));
        expect(planRecording(request(scenario, seed))).toEqual(plan);
      }),
    );
  });

  test('keeps the onset within 20 s of the baseline, and the fault as long as asked', () => {
    fc.assert(
      fc.property(anyScenario, anySeed, (scenario, seed) => {
        const { onsetMs, endMs } = planRecording(request(scenario, seed));
        expect(Math.abs(onsetMs - 90_000)).toBeLessThanOrEqual(20_000);
        expect(endMs - onsetMs).toBe(60_000);
      }),
    );
  });

  test('keeps its place, load and onset when only the strength is given', () => {
    fc.assert(
      fc.property(anyScenario, anySeed, (scenario, seed) => {
        const drawn = planRecording(request(scenario, seed));
        const given = planRecording({ ...request(scenario, seed), strength: 1 });
        expect(given.onsetMs).toBe(drawn.onsetMs);
        expect(given.load.requestsPerSecond).toBe(drawn.load.requestsPerSecond);
        expect(given.fault?.kind).toBe(drawn.fault?.kind);
      }),
    );
  });

  test('places the decoy of a red herring 20 to 60 s before the fault, on another service', () => {
    for (const scenario of ['red-herring', 'red-herring-2', 'red-herring-3'] as const) {
      for (const { decoy, onsetMs, fault } of plansOf(scenario)) {
        const leadMs = onsetMs - (decoy?.atMs ?? 0);
        expect(leadMs).toBeGreaterThanOrEqual(20_000);
        expect(leadMs).toBeLessThanOrEqual(60_000);
        expect(['gateway', 'checkout']).toContain(decoy?.change.service);
        const place = toTruthRow('x', fault, 0).split(',')[3] ?? '';
        expect(place).not.toBe(decoy?.change.service);
        const kinds =
          scenario === 'red-herring-2' ? ['work'] : ['locked-table', 'busy-card-network'];
        expect(kinds).toContain(fault?.kind);
      }
    }
  });

  test('has no fault when healthy, but more users or a harmless release in its variants', () => {
    for (const { fault, decoy, swell } of plansOf('healthy')) {
      expect([fault, decoy, swell]).toEqual([null, null, 1]);
    }
    for (const { fault, decoy, swell } of plansOf('healthy-2')) {
      expect([fault, decoy]).toEqual([null, null]);
      expect(swell).toBeGreaterThan(1.3);
    }
    for (const { fault, decoy, onsetMs } of plansOf('healthy-3')) {
      expect([fault, decoy?.atMs]).toEqual([null, onsetMs]);
    }
  });

  test('has a decoy nowhere else', () => {
    const decoys = scenarioNames.filter((name) =>
      plansOf(name).some(({ decoy }) => decoy !== null),
    );
    expect(decoys).toEqual(['healthy-3', 'red-herring', 'red-herring-2', 'red-herring-3']);
  });

  test('moves the fault to every place it can strike', () => {
    const places = (scenario: ScenarioName): readonly string[] =>
      [...new Set(plansOf(scenario).map(({ fault }) => toTruthRow('x', fault, 0).split(',')[3]))]
        .map((names) => names?.split('|')[0] ?? '')
        .sort();
    const money = ['checkout', 'gateway', 'payments'];
    expect(places('bad-deploy')).toEqual(money);
    expect(places('config-change')).toEqual(money);
    expect(places('memory-leak')).toEqual(['checkout', 'payments']);
    expect(places('cpu-burn')).toEqual(['checkout', 'gateway', 'inventory', 'payments']);
    expect(places('slow-dependency')).toEqual(['card-network', 'ledger-db', 'stock-db']);
    expect(places('connection-pool')).toEqual(['inventory', 'payments']);
    expect(places('traffic-surge')).toEqual(['gateway']);
    expect(places('retry-storm')).toEqual(['checkout']);
  });

  test('lets users come well beyond what the gateway takes in a surge', () => {
    for (const { fault, load } of plansOf('traffic-surge')) {
      const factor = fault?.kind === 'surge' ? fault.factor : 0;
      expect(load.requestsPerSecond * factor).toBeGreaterThanOrEqual(
        1.5 * (defaultSettings.gateway['maxRequestsPerSecond'] ?? Infinity),
      );
    }
  });

  test('lets 42 to 90 in a hundred requests meet the bug of a bad release', () => {
    for (const { fault, load } of plansOf('bad-deploy')) {
      expect(fault?.kind).toBe('deploy');
      const highest = Math.max(...Object.values(load.traits));
      expect(highest).toBeGreaterThanOrEqual(0.42);
      expect(highest).toBeLessThanOrEqual(0.9);
    }
  });

  test('gives every change of a recording an id of its own', () => {
    fc.assert(
      fc.property(anyScenario, anySeed, (scenario, seed) => {
        const { past, aside, decoy, fault } = planRecording(request(scenario, seed));
        const ids = [...past.map(({ change }) => change.id), aside.change.id];
        if (decoy !== null) ids.push(decoy.change.id);
        if (fault?.kind === 'deploy' || fault?.kind === 'config') ids.push(fault.change.id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 500 },
    );
  });
});
