import type { EffectClass } from '../schemas/action.ts';

/** What people decided on the write that a call belongs to. */
export interface GuardApproval {
  /** Whether an approval was accepted; a rejection or an open decision is not. */
  readonly accepted: boolean;
  /** The hash of the plan that was approved. */
  readonly planHash: string;
  readonly expired: boolean;
}

export interface GuardInput {
  readonly toolName: string;
  /** The effect class that the registry gives for the tool; undefined for a tool that it does not know. */
  readonly effect: EffectClass | undefined;
  readonly approval?: GuardApproval;
  /** The hash of the plan that the call carries out. */
  readonly planHash?: string;
}

export interface GuardDecision {
  readonly kind: 'allow' | 'needs-approval' | 'deny';
  readonly because: string;
}

/**
 * Decides whether a tool may be called now; it stands in front of every call. Reads may. A write may once an approval has been accepted that has not
 * expired and is bound to the very hash that is carried out. All else is denied, an effect class that is not on the list too.
 */
export function guard(input: GuardInput): GuardDecision {
  switch (input.effect) {
    case undefined:
      return deny(`${input.toolName} is not a registered tool of this caller`);
    case 'read':
    case 'read-sensitive':
      return { kind: 'allow', because: `${input.toolName} only reads` };
    case 'write-reversible':
    case 'write-irreversible':
      return guardWrite(input);
    case 'forbidden':
      return deny(`${input.toolName} is forbidden`);
    default:
      return deny(`${input.toolName} has an effect class that is not known`);
  }
}

function guardWrite({ toolName, approval, planHash }: GuardInput): GuardDecision {
  if (approval === undefined || !approval.accepted) {
    return { kind: 'needs-approval', because: `${toolName} writes and has no accepted approval` };
  }
  if (approval.expired) return deny(`the approval of ${toolName} has expired`);
  if (planHash === undefined || planHash === '') {
    return deny(`the call of ${toolName} names no plan`);
  }
  if (approval.planHash !== planHash)
    return deny(`the approval is for another plan of ${toolName}`);
  return { kind: 'allow', because: `the approval of ${toolName} is for this plan` };
}

function deny(because: string): GuardDecision {
  return { kind: 'deny', because };
}
