import type { Model } from '../../core/ports/model.ts';
import type { FindMatches } from '../../core/safety/masking/mask-identifiers.ts';
import type { ModelPrice } from '../../core/reliability/cost/model-price.ts';

/** The model that a worker can reach, what it costs, and what is hidden from it. */
export interface ModelAccess {
  readonly model: Model;
  readonly price: ModelPrice;
  /** Of one call. */
  readonly timeoutMs: number;
  /** Whether tools are left out that have nothing to show in an investigation. */
  readonly hasSlimTools: boolean;
  readonly isMasking: boolean;
  /** A user's own texts that no model may see. */
  readonly maskTerms: readonly string[];
  /** Finds what a user's own patterns hide. */
  readonly findMasked: FindMatches;
}

/** Why the embedded policy decided though a model was to. */
export type FallbackReason = 'outage' | 'budget' | 'model-output';

/** Who decided a step, and what had to be done about a model's words. */
export interface ReasonedBy {
  /** Why the embedded policy decided; null where the model did. */
  readonly fallback: { readonly because: FallbackReason; readonly says: string } | null;
  /** Exchanges that it took; more than one where the first answer could not be used. */
  readonly asks: number;
  readonly repairs: number;
  /** Tools that the model asked for and must not have. */
  readonly refused: readonly string[];
  /** Sentences that the evidence does not carry. */
  readonly dropped: number;
}
