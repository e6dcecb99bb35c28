import type { EvidenceIndex } from './evidence-index.ts';
import { quotedNumbers, quotedTexts } from './quoted-numbers.ts';

/** Says why a sentence is not carried by the evidence it cites; null when it is. */
export function checkClaim(
  claim: { readonly text: string; readonly evidenceIds: readonly string[] },
  indexes: ReadonlyMap<string, EvidenceIndex>,
): string | null {
  const { text, evidenceIds } = claim;
  if (evidenceIds.length === 0) return 'It cites no evidence.';
  const missing = evidenceIds.find((id) => !indexes.has(id));
  if (missing !== undefined) return `The evidence ${missing} does not exist.`;
  const cited = evidenceIds.flatMap((id) => indexes.get(id) ?? []);
  for (const quoted of quotedNumbers(text)) {
    if (!cited.some((index) => index.hasNumber(quoted))) {
      return `The number ${quoted.value}${quoted.unit === '' ? '' : ` ${quoted.unit}`} does not stand in the evidence.`;
    }
  }
  const strange = quotedTexts(text).find((words) => !cited.some((index) => index.hasText(words)));
  return strange === undefined
    ? null
    : `The words “${strange.slice(0, 80)}” do not stand in the evidence.`;
}
