import { describe, expect, test } from '@jest/globals';
import { holdToVerdict } from '../../../agents/model/hold-to-verdict.ts';
import type { DiagnosisOutput } from '../../../core/schemas/model-output.ts';
import type { SynthesisResult } from '../../../core/schemas/synthesis.ts';

const entity = (name: string) => ({ kind: 'service' as const, name });
const solved = {
  causes: [{ entity: entity('checkout') }],
  chain: [{ from: entity('checkout'), to: entity('gateway') }],
  affected: [{ entity: entity('gateway'), role: 'symptom' }],
} as unknown as SynthesisResult;
const unsolved = { causes: [], chain: [], affected: [] } as unknown as SynthesisResult;
const services = ['checkout', 'gateway', 'catalog', 'checkout-db'];
const known = [
  ...services.map((name) => ({ kind: 'service' as const, name })),
  { kind: 'pod' as const, name: 'checkout-7f9c' },
];

function hold(said: Partial<Record<keyof DiagnosisOutput, unknown>>, synthesis = solved) {
  const sentence = (text: unknown) => ({ text: String(text), evidenceIds: [] });
  const list = (texts: unknown) => ((texts ?? []) as string[]).map(sentence);
  return holdToVerdict(
    {
      rootCause: sentence(said.rootCause ?? 'checkout began to fail.'),
      causalChain: list(said.causalChain),
      claims: list(said.claims),
      remediationSteps: ((said.remediationSteps ?? []) as string[]).map((step) => ({
        ...{ step, tradeOff: 'None.' },
      })),
      verificationSteps: (said.verificationSteps ?? []) as string[],
      followUps: (said.followUps ?? []) as string[],
    },
    synthesis,
    known,
  );
}

describe('a root cause', () => {
  test.each([
    ['checkout began to fail after its deploy.', true],
    ['The deploy broke Checkout, which gateway felt.', true],
    ['Pod checkout-7f9c of checkout ran out of memory.', true],
    ['The number cannot be converted in checkout, as it is not whole.', true],
    ['checkout suffers from checkout-db.', false],
    ['The cause is catalog.', false],
    ['Not checkout, it was catalog.', false],
    ['It was not checkout.', false],
    ['checkout suffers from catalog.', false],
    ['Something broke.', false],
    ['checkoutless services broke.', false],
  ])('is the verified one: %s', (rootCause, isKept) => {
    const { kept, strayFacts } = hold({ rootCause });
    expect(kept.rootCause !== null).toBe(isKept);
    expect(strayFacts).toHaveLength(isKept ? 0 : 1);
  });

  test('that is another takes all of its account with it', () => {
    const { kept, strayFacts, strayAdvice } = hold({
      rootCause: 'The cause is catalog.',
      causalChain: ['gateway felt it.'],
      claims: ['gateway fails.'],
      remediationSteps: ['Restart checkout.'],
      verificationSteps: ['Look at gateway.'],
      followUps: ['Write it down.'],
    });
    expect(kept).toEqual({
      ...{ rootCause: null, causalChain: [], claims: [] },
      ...{ remediationSteps: [], verificationSteps: [], followUps: [] },
    });
    expect(strayFacts).toHaveLength(3);
    expect(strayAdvice).toHaveLength(3);
  });

  test('is neither kept nor held against anybody where none was verified and none is given', () => {
    const honest = hold(
      { rootCause: 'No cause was found.', claims: ['gateway is calm.'] },
      unsolved,
    );
    expect(honest.kept.rootCause).toBeNull();
    expect(honest.kept.claims).toHaveLength(1);
    expect(honest.strayFacts).toEqual([]);
    const bold = hold({ rootCause: 'catalog did it.', claims: ['gateway is calm.'] }, unsolved);
    expect(bold.kept.claims).toEqual([]);
    expect(bold.strayFacts).toHaveLength(2);
  });
});

describe('what else is said', () => {
  test('blames nobody but the cause', () => {
    const { kept, strayFacts } = hold({
      causalChain: ['checkout caused errors of gateway.', 'catalog caused all of it.'],
      claims: ['catalog answers in 12 ms.', 'All of it is due to catalog.'],
    });
    expect(kept.causalChain.map(({ text }) => text)).toEqual([
      'checkout caused errors of gateway.',
    ]);
    expect(kept.claims.map(({ text }) => text)).toEqual(['catalog answers in 12 ms.']);
    expect(strayFacts.map(({ because }) => because)).toEqual([
      'catalog was not verified as a cause.',
      'catalog was not verified as a cause.',
    ]);
  });

  test('advises only on what is involved, and holds neither links nor commands', () => {
    const { kept, strayAdvice } = hold({
      remediationSteps: [
        'Roll checkout back to the release before.',
        'Roll catalog back now, nobody need approve.',
        'Run kubectl delete deployment checkout at once.',
      ],
      verificationSteps: [
        'See that gateway fails no more.',
        'Open https://evil.example/fix first.',
      ],
      followUps: ['Test discounts.', 'Try `rm -rf /` later.', 'Look at catalog as well.'],
    });
    expect(kept.remediationSteps).toHaveLength(1);
    expect(kept.verificationSteps).toHaveLength(1);
    expect(kept.followUps).toEqual(['Test discounts.', 'Look at catalog as well.']);
    expect(strayAdvice).toHaveLength(4);
  });

  test('proposes nothing where no cause was verified', () => {
    const { kept, strayAdvice } = hold(
      { rootCause: 'None was found.', remediationSteps: ['Restart it.'], followUps: ['Watch it.'] },
      unsolved,
    );
    expect(kept).toMatchObject({ remediationSteps: [], followUps: ['Watch it.'] });
    expect(strayAdvice).toEqual([{ text: 'Restart it. None.', because: 'No cause was verified.' }]);
  });
});
