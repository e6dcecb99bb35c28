import type { EvidenceIndex } from './evidence-index.ts';
import { quotedNumbers, quotedTexts } from './quoted-numbers.ts';
import type { Figures } from './read-figures.ts';

/** Reads what a sentence says in digits. What is cited may tell words with digits from numbers. */
export type ReadFigures = (text: string, cited: readonly EvidenceIndex[]) => Figures;

/** Embedded policies write numbers in one way only, and no other digits but in names and instants. */
const asPoliciesWrite: ReadFigures = (text) => ({ numbers: quotedNumbers(text), unread: [] });

/** Says why a sentence is not carried by the evidence it cites; null when it is. */
export function checkClaim(
  claim: { readonly text: string; readonly evidenceIds: readonly string[] },
  indexes: ReadonlyMap<string, EvidenceIndex>,
  read: ReadFigures = asPoliciesWrite,
): string | null {
  const { text, evidenceIds } = claim;
  if (evidenceIds.length === 0) return 'It cites no evidence.';
  const missing = evidenceIds.find((id) => !indexes.has(id));
  if (missing !== undefined) return `The evidence ${missing} does not exist.`;
  const cited = evidenceIds.flatMap((id) => indexes.get(id) ?? []);
  const { numbers, unread } = read(text, cited);
  for (const quoted of numbers) {
    if (!cited.some((index) => index.hasNumber(quoted))) {
      return `The number ${quoted.value}${quoted.unit === '' ? '' : ` ${quoted.unit}`} does not stand in the evidence.`;
    }
  }
  if (unread[0] !== undefined) {
    return `“${unread[0].slice(0, 80)}” cannot be read as a number of the evidence.`;
  }
  const strange = quotedTexts(text).find((words) => !cited.some((index) => index.hasText(words)));
  return strange === undefined
    ? null
    : `The words “${strange.slice(0, 80)}” do not stand in the evidence.`;
}
