import { createNameFinder } from '../../core/safety/masking/find-names.ts';
import type { Evidence } from '../../core/schemas/evidence.ts';
import { checkClaim } from './check-claim.ts';
import { indexEvidence } from './evidence-index.ts';
import { readFigures } from './read-figures.ts';

interface Sentence {
  readonly text: string;
  readonly evidenceIds: readonly string[];
}

/**
 * Makes what says why a sentence that a model wrote is not carried by its evidence; null where it is. Stricter than the check of what embedded policies write: every digit has to be a
 * number that stands in the evidence, or part of one of `names`, of an instant or of a word of the evidence; and what evidence is called carries
 * nothing where the model may have chosen it by what it asked.
 */
export function createSentenceCheck(
  evidence: readonly Evidence[],
  names: readonly string[],
): (sentence: Sentence) => string | null {
  const indexes = new Map(
    evidence.map(({ id, kind, data, title }) => {
      // A change is called what its author called it. Any other title, and every key, may repeat what was asked for.
      const said = { data, title: kind === 'changes' ? title : '', key: '' };
      return [id, indexEvidence(said)];
    }),
  );
  const numbered = names.filter((name) => /\d/.test(name) && /\p{L}/u.test(name));
  const find = createNameFinder(numbered.map((text) => ({ text, tag: text, isLoose: false })));
  return (sentence) =>
    checkClaim(sentence, indexes, (text, cited) =>
      readFigures(without(text, find(text)), (word) => cited.some((index) => index.hasWord(word))),
    );
}

/** Leaves a gap for each stretch, so that what stands around it does not become one word. */
function without(
  text: string,
  stretches: readonly { readonly start: number; readonly end: number }[],
): string {
  let rest = '';
  let done = 0;
  for (const { start, end } of stretches) {
    rest += `${text.slice(done, start)} `;
    done = end;
  }
  return rest + text.slice(done);
}
