import type { Action } from '../../../core/schemas/action.ts';
import type { Report } from '../../../core/schemas/report.ts';
import { toHeading, toWords } from '../text/format.ts';

/** What became of an action, in the words of a headline. */
export function stateText(state: Action['state']): string {
  switch (state) {
    case 'proposed':
      return 'waits for a decision';
    case 'approved':
      return 'approved, on its way';
    case 'refused':
      return 'refused by policy';
    case 'rejected':
      return 'rejected';
    case 'expired':
      return 'expired undecided';
    case 'sent':
      return 'sent, effect not yet read back';
    case 'applied':
      return 'done and read back';
    case 'not-applied':
      return 'did not take effect';
    case 'unknown':
      return 'sent, effect unknown';
  }
}

/** What the report proposes first, and how that stands. */
export function proposalText(
  { remediations }: Pick<Report, 'remediations'>,
  actions: readonly Action[],
): { readonly what: string; readonly state: string } {
  const [remediation] = remediations;
  const [action] = actions;
  if (remediation === undefined && action === undefined) return { what: 'nothing', state: '' };
  const what =
    remediation === undefined
      ? toHeading(action?.plan.tool ?? '')
      : `${toHeading(remediation.kind)} ${remediation.target.name}`;
  const state =
    action === undefined ? 'by hand: no action is set up for it' : stateText(action.state);
  return { what, state };
}

/** What a remediation is for, in words. */
export function remediationText({ kind, target }: Report['remediations'][number]): string {
  return `${toHeading(kind)}: ${toWords(target.kind)} ${target.name}`;
}
