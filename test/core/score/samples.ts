import { gradableReportSchema } from '../../../core/schemas/gradable-report.ts';
import type { GradableReport } from '../../../core/schemas/gradable-report.ts';
import type { Entity } from '../../../core/schemas/primitives.ts';
import type { Truth } from '../../../core/schemas/truth.ts';
import type { CaseFacts } from '../../../core/score/grade-report.ts';

export const service = (name: string): Entity => ({ kind: 'service', name });

/** A ranking of services, best first; a number after a colon is the score, else each scores less than the one before. */
export function ranking(...names: readonly string[]): GradableReport['ranking'] {
  return names.map((text, index) => {
    const [name = '', score] = text.split(':');
    return { entity: service(name), score: score === undefined ? 1 - index / 100 : Number(score) };
  });
}

export const nothingKnown: CaseFacts = { candidates: null, telemetry: null };

/** A release of checkout did it. */
export const badDeploy: Truth = {
  case: 'shop-1',
  verdict: 'cause-found',
  entityKind: 'service',
  entityNames: ['checkout'],
  faultKind: 'bad-deploy',
  changeId: 'r-119',
  onset: '2026-11-20T10:00:00Z',
};

export const healthy: Truth = {
  case: 'shop-2',
  verdict: 'no-cause-found',
  entityKind: null,
  entityNames: [],
  faultKind: null,
  changeId: null,
  onset: null,
};

export const evidenceId = 'ev-0123456789abcdef';

/** The right report of `badDeploy`, or what a test changes of it. */
export function reportOf(changes: Partial<GradableReport> = {}): GradableReport {
  const cause = { entity: service('checkout'), faultKind: 'bad-deploy', changeId: 'r-119' };
  return {
    ...gradableReportSchema.parse({
      case: 'shop-1',
      verdict: 'cause-found',
      causes: [{ ...cause, confidence: 0.9 }],
      ranking: ranking('checkout', 'gateway', 'payments'),
    }),
    ...changes,
  };
}

/** A report that looked and named nothing. */
export function quietReport(changes: Partial<GradableReport> = {}): GradableReport {
  return reportOf({ verdict: 'no-cause-found', causes: [], ...changes });
}
