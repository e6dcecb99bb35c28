import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { policies } from '../../agents/catalogue.ts';
import { planInvestigation } from '../../agents/orchestrator/plan.ts';
import { synthesise } from '../../agents/root-cause/synthesise.ts';
import { citedIds, verify } from '../../agents/verifier/verify.ts';
import { composeReport } from '../../core/report/compose-report.ts';
import { renderMarkdown } from '../../core/report/render-markdown.ts';
import type { ObservedCall } from '../../core/ports/policy.ts';
import { decisionSchema, findingSchema, orientationSchema } from '../../core/schemas/finding.ts';
import { planSchema } from '../../core/schemas/plan.ts';
import { reportSchema } from '../../core/schemas/report.ts';
import { synthesisSchema, verificationSchema } from '../../core/schemas/synthesis.ts';
import { brief, observedCall } from './support/arbitrary.ts';
import { embeddedAlone } from '../support/embedded-alone.ts';

const observations = fc.array(observedCall, { maxLength: 8 });
const runs = { numRuns: 60 };

const observedIds = (calls: readonly ObservedCall[]): ReadonlySet<string> =>
  new Set(calls.flatMap(({ observed }) => (observed.ok ? observed.evidenceIds : [])));

describe.each(['aggregation', 'trace', 'log', 'change', 'root-cause'] as const)('%s', (role) => {
  test('answers any digest within its schemas, and cites only what was observed', () => {
    const caps = fc.constantFrom(null, 'rounds', 'calls', 'time');
    fc.assert(
      fc.property(brief, observations, caps, fc.nat(2), (given, seen, mustConclude, asked) => {
        const policy = policies[role];
        const input = { brief: given, observations: seen, findings: [] };
        const orientation = orientationSchema.parse(policy.orient(input));
        const { decision, finding } = policy.decide({
          ...input,
          orientation,
          round: 2,
          mustConclude,
          question: null,
          asked,
        });
        decisionSchema.parse(decision);
        expect(finding === null).toBe(decision.kind !== 'conclude');
        if (mustConclude !== null) expect(decision.kind).toBe('conclude');
        if (finding === null) return;
        const { claims, hypotheses } = findingSchema.parse(finding);
        const known = observedIds(seen);
        const cited = [
          ...claims.flatMap(({ evidenceIds }) => evidenceIds),
          ...hypotheses.flatMap((one) => [...one.evidenceFor, ...one.evidenceAgainst]),
        ];
        for (const id of cited) expect(known).toContain(id);
      }),
      runs,
    );
  });
});

test('root cause gives the same synthesis for observations in any order', () => {
  fc.assert(
    fc.property(
      brief,
      observations.chain((seen) =>
        fc.tuple(fc.constant(seen), fc.shuffledSubarray(seen, { minLength: seen.length })),
      ),
      (given, [seen, shuffled]) => {
        const synthesis = synthesise({ brief: given, observations: seen, findings: [] });
        expect(synthesise({ brief: given, observations: shuffled, findings: [] })).toEqual(
          synthesis,
        );
      },
    ),
    runs,
  );
});

test('synthesis, verification and report keep to their schemas and to what was observed, whatever came', () => {
  fc.assert(
    fc.property(brief, observations, (given, seen) => {
      const synthesis = synthesisSchema.parse(
        synthesise({ brief: given, observations: seen, findings: [] }),
      );
      const known = observedIds(seen);
      for (const id of citedIds(synthesis)) expect(known).toContain(id);
      expect(synthesis.causes.length > 0).toBe(synthesis.verdict === 'cause-found');
      expect(JSON.stringify(synthesis).length).toBeLessThan(48_000);
      const verification = verificationSchema.parse(
        verify({ brief: given, synthesis, observations: seen, evidence: [] }),
      );
      expect(verification.synthesis.claims).toEqual([]);
      expect(verification.synthesis.verdict).not.toBe('cause-found');
      const report = reportSchema.parse(
        composeReport({
          investigationId: given.investigationId,
          caseName: null,
          writtenAt: given.window.endAt,
          status: 'completed',
          ended: 'answered',
          brief: given,
          plan: planSchema.parse(planInvestigation(given)),
          findings: [],
          unfinished: [],
          synthesis,
          verification,
          policyVersion: 'embedded-of-a-test',
          reasoner: embeddedAlone,
          diagnosis: null,
          rounds: [],
          actions: [],
          cost: {
            wallMs: 1,
            toolCalls: 1,
            modelCalls: 0,
            inputTokens: 0,
            outputTokens: 0,
            usdMicros: 0,
          },
        }),
      );
      expect(renderMarkdown(report)).toContain(given.investigationId);
    }),
    runs,
  );
});
