import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planRecording } from '../../examples/shop/recorder/plan-recording.ts';
import { scenarioNames } from '../../examples/shop/recorder/plan.ts';
import type { Plan, PlanRequest, ScenarioName } from '../../examples/shop/recorder/plan.ts';
import { toTruthRow } from '../../examples/shop/recorder/truth.ts';

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

  test('deploys the decoy of a red herring 20 to 60 s before the fault, never on payments', () => {
    for (const { decoy, onsetMs, fault } of plansOf('red-herring')) {
      const leadMs = onsetMs - (decoy?.atMs ?? 0);
      expect(leadMs).toBeGreaterThanOrEqual(20_000);
      expect(leadMs).toBeLessThanOrEqual(60_000);
      expect(decoy?.change.service).not.toBe('payments');
      expect(['locked-table', 'busy-card-network']).toContain(fault?.kind);
    }
  });

  test('has no fault and no decoy when healthy, and a decoy only in a red herring', () => {
    for (const { fault, decoy } of plansOf('healthy')) expect([fault, decoy]).toEqual([null, null]);
    for (const scenario of scenarioNames.filter((name) => name !== 'red-herring')) {
      expect(plansOf(scenario).every(({ decoy }) => decoy === null)).toBe(true);
    }
  });

  test('moves the fault to every service and both dependencies', () => {
    const rows = (scenario: ScenarioName): ReadonlySet<string> =>
      new Set(plansOf(scenario).map(({ fault }) => toTruthRow('x', fault, 0).split(',')[3] ?? ''));
    const services = ['checkout', 'gateway', 'payments'];
    for (const scenario of ['bad-deploy', 'cpu-burn', 'config-change'] as const) {
      expect([...rows(scenario)].sort()).toEqual(services);
    }
    expect(rows('slow-dependency').size).toBe(2);
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
