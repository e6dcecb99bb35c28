import type { Hunk } from './parse-diff.ts';
import { dependencyEffects } from './dependency-effects.ts';
import { quantityEffects } from './quantity-effects.ts';
import { statementEffects } from './statement-effects.ts';

/** What a change does to how a program behaves, as far as its text shows. */
export type EffectKind =
  | 'less-time'
  | 'fewer-attempts'
  | 'more-attempts'
  | 'less-capacity'
  | 'more-capacity'
  | 'shorter-life'
  | 'check-removed'
  | 'bound-removed'
  | 'cleanup-removed'
  | 'calls-in-loop'
  | 'lock-added'
  | 'pattern-added'
  | 'schema-changed'
  | 'dependency-bumped'
  | 'address-changed'
  | 'access-changed'
  | 'switched';

export interface DiffEffect {
  readonly kind: EffectKind;
  /** Goes on from “it”: `lowers DefaultTTL from 15m to 15s`. */
  readonly says: string;
  /** Lower-case words of what is touched. */
  readonly words: readonly string[];
}

/** Reads what the hunks of a change do; empty where nothing that is known shows, as in moved code, texts and logging. */
export function effectsOf(hunks: readonly Hunk[]): readonly DiffEffect[] {
  return [...quantityEffects(hunks), ...statementEffects(hunks), ...dependencyEffects(hunks)];
}
