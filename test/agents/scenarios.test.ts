import { describe, expect, test } from '@jest/globals';
import { synthesise } from '../../agents/root-cause/synthesise.ts';
import { citedIds } from '../../agents/verifier/verify.ts';
import { findingSchema } from '../../core/schemas/finding.ts';
import { synthesisSchema, verificationSchema } from '../../core/schemas/synthesis.ts';
import { scenarios } from './support/scenarios.ts';
import { investigate } from './support/world.ts';

describe.each(scenarios)('$name', ({ world, cause }) => {
  test(`is answered with ${cause === null ? 'no cause' : `${cause.faultKind} of ${cause.entity.name}`}`, async () => {
    const { synthesis } = await investigate(world);
    const [named] = synthesis.causes;
    expect(
      named === undefined
        ? null
        : { entity: named.entity, faultKind: named.faultKind, changeId: named.changeId },
    ).toEqual(cause);
    expect(synthesis.verdict === 'cause-found').toBe(cause !== null);
  });

  test('cites only evidence that was observed, and keeps to its schemas', async () => {
    const { findings, synthesis, verification, evidence } = await investigate(world);
    const ids = [
      ...citedIds(synthesis),
      ...findings.flatMap(({ claims, hypotheses }) => [
        ...claims.flatMap(({ evidenceIds }) => evidenceIds),
        ...hypotheses.flatMap((one) => [...one.evidenceFor, ...one.evidenceAgainst]),
      ]),
    ];
    expect(ids.filter((id) => !evidence.has(id))).toEqual([]);
    for (const finding of findings) findingSchema.parse(finding);
    synthesisSchema.parse(synthesis);
    verificationSchema.parse(verification);
    expect(JSON.stringify(verification).length).toBeLessThan(48_000);
  });

  test('has claims that all stand up to the verifier', async () => {
    const { verification } = await investigate(world);
    expect(verification.dropped).toEqual([]);
    expect(verification.demoted).toBe(false);
  });

  test('gives the same answer whatever the order of the observations', async () => {
    const { brief, findings, observations } = await investigate(world);
    const turned = synthesise({ brief, findings, observations: [...observations].reverse() });
    expect(turned).toEqual(synthesise({ brief, findings, observations }));
  });
});
