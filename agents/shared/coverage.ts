import type { Brief } from '../../core/schemas/brief.ts';

/** How much is known to be there of one telemetry kind. */
export type Presence = 'present' | 'empty' | 'absent' | 'unknown';

/** The entry under which scope notes that it could not find out what telemetry there is. */
export const unknownCoverageKind = 'coverage';

/** Tells whether a telemetry kind is there; unknown when scope could not find out. */
export function presenceOf(brief: Pick<Brief, 'coverage'>, kind: string): Presence {
  const entry = brief.coverage.find((one) => one.kind === kind);
  if (entry !== undefined) return entry.rows > 0 ? 'present' : 'empty';
  return brief.coverage.some((one) => one.kind === unknownCoverageKind) ? 'unknown' : 'absent';
}

/** Says what is wrong with a telemetry kind; null when nothing is. */
export function gapOf(brief: Pick<Brief, 'coverage'>, kind: string): string | null {
  const problem = brief.coverage.find((one) => one.kind === kind)?.problem;
  switch (presenceOf(brief, kind)) {
    case 'absent':
      return `There are no ${kind} in what was recorded.`;
    case 'empty':
      return problem ?? `There are no ${kind} in the window.`;
    case 'present':
      return problem ?? null;
    case 'unknown':
      return null;
  }
}
