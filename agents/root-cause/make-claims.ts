import type { Claim } from '../../core/schemas/finding.ts';
import type { Entity } from '../../core/schemas/primitives.ts';
import type { SynthesisClaim } from '../../core/schemas/synthesis.ts';
import { nameChange } from '../shared/change-words.ts';
import { clip } from '../shared/clip.ts';
import { isTrouble } from '../shared/facts.ts';
import type { Fact } from '../shared/facts.ts';
import type { Picture } from '../shared/picture.ts';
import { formatInstant } from '../shared/timing.ts';
import { capitalised, claimFacts, idsOf } from '../shared/wording.ts';
import type { Charge } from './bring-charge.ts';
import type { Judgement } from './judge.ts';

const maxClaims = 24;
const maxFacts = 16;
const maxDecoys = 3;

/**
 * Makes the sentences of fact that carry a judgement: what the cause does, what its callers suffer along the path, when the change was made and what
 * followed, and what other changes near the onset did not do.
 */
export function makeClaims(
  { picture, charges }: Judgement,
  culprit: Charge | null,
  path: readonly Entity[],
): SynthesisClaim[] {
  const about =
    culprit === null
      ? charges.slice(0, 3).flatMap(({ facts }) => facts.slice(0, 2))
      : culprit.facts.slice(0, 6);
  const suffering = path.flatMap((entity): Fact[] => {
    const fact = picture.trouble(entity, 'error-ratio', 'duration');
    return fact === undefined ? [] : [fact];
  });
  return [
    ...claimFacts([...about, ...suffering], maxFacts),
    ...changeClaims(culprit),
    ...decoyClaims(picture, culprit),
  ]
    .slice(0, maxClaims)
    .map((claim) => ({ ...claim, checked: false }));
}

function changeClaims(culprit: Charge | null): Claim[] {
  const fit = culprit?.fit ?? null;
  if (fit === null || fit.change.evidenceIds.length === 0) return [];
  const { change, effect } = fit;
  const made = `${capitalised(nameChange(change))} was made at ${formatInstant(change.at)}`;
  const followed = effect === null ? [] : claimFacts([effect], 1);
  const read =
    effect === null && change.match !== undefined ? [`${change.id}: ${fit.because}`] : [];
  return [
    ...[made, ...read].map((text) => ({ text: clip(text, 400), evidenceIds: idsOf([change]) })),
    ...followed.map(({ text, evidenceIds }) => ({
      text: clip(`Right after ${change.id}: ${text}`, 400),
      evidenceIds,
    })),
  ];
}

/** Changes that were compared and did nothing: worth saying, because they are what people look at first. */
function decoyClaims(picture: Picture, culprit: Charge | null): Claim[] {
  return picture.facts.changes
    .filter(({ id, effects, evidenceIds }) => {
      const didNothing = effects !== null && !effects.some(isTrouble);
      return id !== culprit?.fit?.change.id && didNothing && evidenceIds.length > 0;
    })
    .slice(0, maxDecoys)
    .map((change) => {
      const who = change.service ?? 'its service';
      const text = `Right after ${nameChange(change)}, ${who} was as right before it`;
      return { text: clip(text, 400), evidenceIds: idsOf([change]) };
    });
}
