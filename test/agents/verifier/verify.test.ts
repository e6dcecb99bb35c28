import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkClaim } from '../../../agents/verifier/check-claim.ts';
import { indexEvidence } from '../../../agents/verifier/evidence-index.ts';
import { quotedNumbers } from '../../../agents/verifier/quoted-numbers.ts';
import { verify } from '../../../agents/verifier/verify.ts';
import { claimFacts, describeFact, formatValue } from '../../../agents/shared/wording.ts';
import { collectFacts } from '../../../agents/shared/facts.ts';
import type { Evidence } from '../../../core/schemas/evidence.ts';
import type { SynthesisResult } from '../../../core/schemas/synthesis.ts';
import {
  billing,
  dated,
  deploy,
  front,
  investigate,
  orders,
  shift,
  vault,
} from '../support/world.ts';
import type { Outcome } from '../support/world.ts';

const id = 'ev-0000000000000001';
const holding = (data: Evidence['data']) =>
  new Map([[id, indexEvidence({ data, title: 'POST /orders', key: 'orders' })]]);
const check = (text: string, data: Evidence['data']): string | null =>
  checkClaim({ text, evidenceIds: [id] }, holding(data));

describe('the numbers of a sentence', () => {
  test('are read with their units and decimals', () => {
    expect(
      quotedNumbers('Of the requests fail 12.5 %, before 0 %; calls take 812 ms (was 1.04 ms).'),
    ).toEqual([
      { value: 12.5, decimals: 1, unit: '%' },
      { value: 0, decimals: 0, unit: '%' },
      { value: 812, decimals: 0, unit: 'ms' },
      { value: 1.04, decimals: 2, unit: 'ms' },
    ]);
  });

  test('do not include instants, ids, names with digits, and words of the telemetry', () => {
    const text =
      'The deploy api-r17 of node-3 “retry 3 times in 5 s” was made at 2030-01-07T09:05:00.000Z, or 09:05:01, see ev-0123456789abcdef and p99';
    expect(quotedNumbers(text)).toEqual([]);
  });

  test('are read back from every value that a sentence is made of', () => {
    const value = fc.double({ min: 0.001, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(
        value,
        fc.constantFrom(
          ...['ns', 'us', 'ms', 's', 'min', '1', 'By', '1/s', 'x'],
          ...['{request}/s', '{time}', '{line}/{request}'],
        ),
        (after, unit) => {
          const [quoted] = quotedNumbers(formatValue(after, unit));
          expect(quoted).toBeDefined();
          const { hasNumber } = indexEvidence({ data: [after], title: '', key: '' });
          expect(quoted !== undefined && hasNumber(quoted)).toBe(true);
        },
      ),
    );
  });
});

describe('a claim', () => {
  test.each([
    ['in the same unit', 'Requests take 812 ms', { p90: 811.8 }],
    ['in seconds', 'Requests take 812 ms', { rows: [['orders', 0.8118]] }],
    ['as a ratio', 'Of the requests fail 12.5 %', { ratio: 0.1249 }],
    ['in bytes', 'Memory is 162.3 MB', { bytes: 162_300_000 }],
    ['as text', 'It is written 31 lines/s', { count: '31' }],
  ])('stands when the evidence holds its number %s', (_how, text, data) => {
    expect(check(text, data)).toBeNull();
  });

  test('falls when a number is another one', () => {
    expect(check('Requests take 815 ms', { p90: 811.8 })).toContain('815 ms');
  });

  test('falls when it cites nothing, or something that does not exist', () => {
    const none = holding({});
    expect(checkClaim({ text: 'It is so', evidenceIds: [] }, none)).toContain('no evidence');
    const missing = { text: 'It is so', evidenceIds: [id, 'ev-00000000000000ff'] };
    expect(checkClaim(missing, none)).toContain('ev-00000000000000ff');
  });

  test('falls when it quotes words that the evidence does not hold', () => {
    const data = { lines: ['cannot   read\ntotal of 5'] };
    expect(check('The log says “cannot read total”', data)).toBeNull();
    expect(check('The log says “cannot write total”', data)).toContain('cannot write');
  });

  test('may quote the beginning of a text that was cut', () => {
    expect(check('The log says “cannot read…”', { line: 'cannot read total' })).toBeNull();
  });

  test('that describes an observation stands by evidence that holds the observation', () => {
    const observed = shift({
      entity: billing,
      peer: vault,
      aspect: 'edge-duration',
      name: 'SELECT x',
      before: 2,
      after: 811,
    });
    expect(
      check(describeFact(observed), JSON.parse(JSON.stringify(observed)) as Evidence['data']),
    ).toBeNull();
  });
});

const slow = (entity: typeof front) => dated({ entity, aspect: 'duration' });
const world = {
  felt: [slow(front)],
  traces: [slow(front), slow(orders), slow(billing)],
  changes: [deploy('orders', 30)],
  spans: {
    billing: [
      shift({
        entity: billing,
        peer: vault,
        aspect: 'edge-duration',
        name: 'SELECT',
        before: 2,
        after: 800,
      }),
    ],
  },
};

function again(
  outcome: Outcome,
  synthesis: SynthesisResult,
  evidence = [...outcome.evidence.values()],
) {
  const { brief, observations } = outcome;
  return verify({ brief, synthesis, observations, evidence });
}

describe('verification', () => {
  test('marks every claim that stands as checked', async () => {
    const { verification } = await investigate(world);
    expect(verification.checkedCount).toBeGreaterThan(2);
    expect(verification.synthesis.claims.every(({ checked }) => checked)).toBe(true);
  });

  test('drops and counts claims that nothing carries, and keeps the others', async () => {
    const outcome = await investigate(world);
    const [claim] = outcome.synthesis.claims;
    if (claim === undefined) throw new Error('there is no claim');
    const forged = { ...claim, text: 'Requests to orders take 4711 ms', checked: true };
    const { synthesis } = outcome;
    const result = again(outcome, { ...synthesis, claims: [...synthesis.claims, forged] });
    expect(result.droppedCount).toBe(1);
    expect(result.dropped[0]?.text).toBe(forged.text);
    expect(result.synthesis.claims).toEqual(synthesis.claims);
    expect(result.demoted).toBe(false);
  });

  test('takes a cause back that no claim is left for', async () => {
    const outcome = await investigate(world);
    const result = again(outcome, outcome.synthesis, []);
    expect(result.demoted).toBe(true);
    expect(result.synthesis).toMatchObject({
      verdict: 'inconclusive',
      causes: [],
      chain: [],
      claims: [],
    });
    expect(result.synthesis.confidence).toBeLessThanOrEqual(0.3);
    expect(result.synthesis.ranking).toEqual(outcome.synthesis.ranking);
  });

  test('removes a mechanism whose number is made up', async () => {
    const outcome = await investigate(world);
    const causes = outcome.synthesis.causes.map((cause) => ({
      ...cause,
      mechanism: 'It takes 4711 ms.',
    }));
    const result = again(outcome, { ...outcome.synthesis, causes });
    expect(result.synthesis.causes[0]?.mechanism).toBe(
      'The fault is slow-dependency of database vault.',
    );
    expect(result.synthesis.summary).not.toContain('4711');
  });

  test('tests every step of the chain again: an edge that nobody saw fails, and confidence falls', async () => {
    const outcome = await investigate(world);
    const [step] = outcome.synthesis.chain;
    if (step === undefined) throw new Error('there is no chain');
    const chain = [{ ...step, from: vault, to: front }];
    const result = again(outcome, { ...outcome.synthesis, chain });
    expect(result.synthesis.chain[0]?.tests).toEqual({ edge: false, deviates: true, order: true });
    expect(result.synthesis.confidence).toBeLessThan(outcome.synthesis.confidence);
  });

  test('AU-14 takes a cause back whose chain fails so many tests that it is less sure than any may be', async () => {
    const outcome = await investigate(world);
    const [step] = outcome.synthesis.chain;
    if (step === undefined) throw new Error('there is no chain');
    const strange = { ...step, from: vault, to: front };
    const sure = { ...outcome.synthesis, confidence: 0.9 };
    // 0.85 of itself for each: 0.9 * 0.85 ** 2 = 0.65, and * 0.85 ** 3 = 0.55.
    const twice = again(outcome, { ...sure, chain: [strange, strange] });
    expect(twice.synthesis.verdict).toBe('cause-found');
    const thrice = again(outcome, { ...sure, chain: [strange, strange, strange] });
    expect(thrice.demoted).toBe(true);
    expect(thrice.synthesis).toMatchObject({ verdict: 'inconclusive', causes: [], chain: [] });
    expect(thrice.synthesis.confidence).toBeLessThanOrEqual(0.3);
  });

  test('finds a cause that began after its effect', async () => {
    const late = { earliestAt: slow(front).onset?.latestAt ?? 0, latestAt: 0 };
    const onset = { earliestAt: late.earliestAt + 30_000, latestAt: late.earliestAt + 31_000 };
    const outcome = await investigate({
      ...world,
      traces: [slow(front), slow(orders), { ...slow(billing), onset }],
    });
    const steps = outcome.synthesis.chain.filter(({ tests }) => !tests.order);
    expect(steps.map(({ from, to }) => [from.name, to.name])).toEqual([['billing', 'orders']]);
  });
});

test('the same measurement by two tools is claimed once and cites both', () => {
  const observation = dated({ entity: orders, aspect: 'cpu' });
  const calls = ['ev-000000000000000a', 'ev-000000000000000b'].map((evidenceId, index) => ({
    observed: {
      ok: true as const,
      tool: index === 0 ? 'scan-metrics' : 'inspect-metrics',
      evidenceIds: [evidenceId],
      digest: {
        tool: 'x',
        observations: [observation],
        dependencies: [],
        changes: [],
        coverage: [],
        notes: [],
      },
    },
    call: { tool: 'x', input: {}, because: '' },
    role: 'aggregation' as const,
    round: 1,
  }));
  const [claim, ...others] = claimFacts(collectFacts(calls).all, 8);
  expect(claim?.evidenceIds.toSorted()).toEqual(['ev-000000000000000a', 'ev-000000000000000b']);
  expect(others).toEqual([]);
});
