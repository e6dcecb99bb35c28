import { AppError } from '../errors.ts';
import type { ActionPlan } from '../schemas/action.ts';
import { canonicalJson } from './canonical-json.ts';
import { findHiddenCharacter } from './control-characters.ts';

const maxArgumentBytes = 4_096;

/** Hashes text (SHA-256, hexadecimal, lower case). Handed in, since core/ has no crypto of its own. */
export type Sha256Hex = (text: string) => string;

/** Gives the hash to which decisions on a plan are bound: SHA-256 over its canonical JSON. */
export function hashPlan(plan: ActionPlan, sha256Hex: Sha256Hex): string {
  return sha256Hex(canonicalJson(plan));
}

/**
 * Freezes a plan: gives its hash, if a person can be shown all of it. Throws `invalid.plan` for a plan with more than 4 KB of arguments (UTF-8, canonical
 * JSON) or with a character that would not show what it is.
 */
export function freezePlan(plan: ActionPlan, sha256Hex: Sha256Hex): string {
  const found = findHiddenCharacter(plan);
  if (found !== null) {
    throw new AppError(
      'invalid.plan',
      `the plan ${plan.actionId} cannot be frozen: ${found.path} holds ${found.codePoint}, which a person would not see`,
    );
  }
  const argumentBytes = new TextEncoder().encode(canonicalJson(plan.arguments)).length;
  if (argumentBytes > maxArgumentBytes) {
    throw new AppError(
      'invalid.plan',
      `the plan ${plan.actionId} cannot be frozen: its arguments are ${argumentBytes} bytes, more than the ${maxArgumentBytes} that people are shown`,
    );
  }
  return hashPlan(plan, sha256Hex);
}
