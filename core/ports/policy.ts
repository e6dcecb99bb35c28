import type { Brief } from '../schemas/brief.ts';
import type { Decision, Finding, Orientation } from '../schemas/finding.ts';
import type { Role } from '../schemas/roles.ts';
import type { Observed, ToolCall } from '../schemas/tool-call.ts';

/** What came back from one call, with the call it answers, the round it was made in and who made it. */
export interface ObservedCall {
  readonly observed: Observed;
  readonly call: ToolCall;
  readonly role: Role;
  readonly round: number;
}

export interface OrientInput {
  readonly brief: Brief;
  /** Everything observed so far by this loop; for root cause, by the whole squad. */
  readonly observations: readonly ObservedCall[];
  /** For root cause: what the specialists concluded. Empty for specialists. */
  readonly findings: readonly Finding[];
}

export interface DecideInput extends OrientInput {
  readonly orientation: Orientation;
  readonly round: number;
  /** A cap has been reached: the decision must be to conclude. */
  readonly mustConclude: 'rounds' | 'calls' | 'time' | null;
  /** What another agent wants to know, when this loop answers a question; null otherwise. */
  readonly question: string | null;
  /** Questions that this loop has already asked. */
  readonly asked: number;
}

/** A decision, and with `conclude` the finding that goes with it (null otherwise). */
export interface Decided {
  readonly decision: Decision;
  readonly finding: Finding | null;
}

/**
 * The embedded reasoner of one role: deterministic, no I/O, no clock. `open` gives the first round's calls, cheap and wide; `orient` turns
 * digests into scored hypotheses; `decide` concludes, looks deeper or asks. Every evidence id it cites comes from the observations.
 */
export interface Policy {
  open(brief: Brief): readonly ToolCall[];
  orient(input: OrientInput): Orientation;
  decide(input: DecideInput): Decided;
}
