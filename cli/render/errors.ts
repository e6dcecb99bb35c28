import { CommanderError } from 'commander';
import { errorPolicy, isAppError, kindPolicies } from '../../core/errors.ts';
import type { Report } from '../../core/schemas/report.ts';
import type { Score } from '../../core/score/score-cases.ts';
import { clean } from './clean.ts';

/** What a command ended with: text for standard error and the exit code. Nothing else picks exit codes. */
export interface Ending {
  readonly exitCode: number;
  readonly text: string;
}

/** Gives exit code and text for whatever a command threw. */
export function endingOf(error: unknown): Ending {
  if (error instanceof CommanderError) {
    // Commander has printed usage or help itself.
    return { exitCode: error.exitCode === 0 ? 0 : kindPolicies.invalid.exitCode, text: '' };
  }
  if (isAppError(error)) {
    const { exitCode, advice } = errorPolicy(error.code);
    return { exitCode, text: `${error.code}: ${clean(error.message)}\n${advice}\n` };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    exitCode: kindPolicies.bug.exitCode,
    text: `bug.invariant: ${clean(message)}\n${errorPolicy('bug.invariant').advice}\n`,
  };
}

/**
 * Gives the exit code of an investigation that was waited for: 0 for any completed report, that of a used-up budget when a cap forced it, and that of
 * what went wrong for a report of a cancelled or failed one.
 */
export function exitCodeOfReport(report: Pick<Report, 'status' | 'ended'>): number {
  if (report.status === 'failed') return kindPolicies.bug.exitCode;
  if (report.status === 'cancelled') return kindPolicies.conflict.exitCode;
  const isCapped = report.ended === 'rounds' || report.ended === 'calls' || report.ended === 'time';
  return isCapped ? kindPolicies['budget-exceeded'].exitCode : 0;
}

/** Gives the ending of a score: 1 when it is below the floor, or when a report holds what none may. */
export function endingOfScore(
  { summary, unsupportedClaims, unapprovedEffects }: Score,
  floor = 0,
): Ending {
  const { ratio } = summary.right;
  const complaints = [
    ...(ratio !== null && ratio < floor
      ? [`Strictly right: ${ratio.toFixed(3)}, below the floor of ${floor}.`]
      : []),
    ...(unsupportedClaims > 0
      ? [`Unsupported claims: ${unsupportedClaims}; there may be none.`]
      : []),
    ...(unapprovedEffects > 0
      ? [`Unapproved effects: ${unapprovedEffects}; there may be none.`]
      : []),
  ];
  return {
    exitCode: complaints.length === 0 ? 0 : 1,
    text: complaints.map((line) => `${line}\n`).join(''),
  };
}
