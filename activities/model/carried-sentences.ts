import type { DroppedSentence } from '../../agents/model/hold-to-verdict.ts';
import { createSentenceCheck } from '../../agents/verifier/check-sentence.ts';
import type { Claim } from '../../core/schemas/finding.ts';
import type { ModelSentence } from '../../core/schemas/model-output.ts';
import { evidenceIdSchema } from '../../core/schemas/primitives.ts';
import type { Store } from '../../store/store.ts';

/** Sorts a model's sentences by whether their evidence exists and holds the numbers and words that they quote; `names` are those that an investigation knows. */
export async function carriedSentences(
  store: Pick<Store, 'evidence'>,
  investigationId: string,
  sentences: readonly ModelSentence[],
  names: readonly string[],
): Promise<{ readonly carried: readonly Claim[]; readonly dropped: readonly DroppedSentence[] }> {
  const ids = new Set(sentences.flatMap(({ evidenceIds }) => evidenceIds));
  const wellFormed = [...ids].filter((id) => evidenceIdSchema.safeParse(id).success);
  const evidence = await store.evidence.many(investigationId, wellFormed);
  const check = createSentenceCheck(evidence, names);
  const carried: Claim[] = [];
  const dropped: DroppedSentence[] = [];
  for (const sentence of sentences) {
    const because = check(sentence);
    if (because === null) carried.push({ text: sentence.text, evidenceIds: sentence.evidenceIds });
    else dropped.push({ text: sentence.text, because: because.slice(0, 300) });
  }
  return { carried, dropped };
}
