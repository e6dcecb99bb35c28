import type { DecideAction } from '../schemas/action.ts';

/** What arrived as a decision: one that can be judged, or something else and why it is none. */
export type ArrivedDecision =
  | { readonly kind: 'decision'; readonly decision: DecideAction }
  | { readonly kind: 'malformed'; readonly because: string };

const longestReason = 1_000;

/**
 * Reads what came with the signal `decideAction`. Whoever reaches the engine can send anything under that name, so nothing is taken for granted, and what
 * is not a decision is told apart instead of thrown: it has to be recorded like any other. A longer reason is cut; every other text is bounded by
 * refusal. Free of zod, since it runs in the sandbox; the shape is that of `decideActionSchema`.
 */
export function readDecision(value: unknown): ArrivedDecision {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return malformed('the signal carries no object');
  }
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const { decision, grant } = fields;
  const actionId = textOf(fields['actionId'], 100);
  const planHash = textOf(fields['planHash'], 100);
  const reason = fields['reason'] ?? '';
  if (actionId === null) return malformed('its actionId is no text of at most 100 characters');
  if (planHash === null) return malformed('its planHash is no text of at most 100 characters');
  if (decision !== 'approve' && decision !== 'reject') {
    return malformed('its decision is neither approve nor reject');
  }
  if (typeof reason !== 'string') return malformed('its reason is no text');
  const read = { actionId, planHash, decision, reason: reason.slice(0, longestReason) } as const;
  if (grant === undefined || grant === null) return { kind: 'decision', decision: read };
  const token = textOf(grant, 4_000);
  if (token === null) return malformed('its grant is no text of at most 4000 characters');
  return { kind: 'decision', decision: { ...read, grant: token } };
}

function textOf(value: unknown, longest: number): string | null {
  return typeof value === 'string' && value.length <= longest ? value : null;
}

function malformed(because: string): ArrivedDecision {
  return { kind: 'malformed', because };
}
