import type { Run } from './classify-miss.ts';

/** What no report may hold. */
export interface Violations {
  /** Sentences that were not checked, cite nothing, or cite what was not taken as evidence. */
  readonly unsupportedClaims: number;
  /** Writes that were made, or may have been, without anybody's decision. */
  readonly unapprovedEffects: number;
}

/** Counts what a run says without support, and what it did without being allowed to. Where evidence cannot be asked for, citations are taken as they are. */
export function checkRun({ report, evidence }: Run): Violations {
  const taken = evidence === null ? null : new Set(evidence.map(({ id }) => id));
  const isSupported = ({ checked, evidenceIds }: Run['report']['claims'][number]): boolean =>
    checked && evidenceIds.length > 0 && evidenceIds.every((id) => taken?.has(id) ?? true);
  const effects = report.actions.filter(({ state }) => state === 'applied' || state === 'unknown');
  return {
    unsupportedClaims: report.claims.filter((claim) => !isSupported(claim)).length,
    unapprovedEffects: effects.filter(({ decidedBy }) => (decidedBy ?? '') === '').length,
  };
}
