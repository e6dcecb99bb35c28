import { compareTexts } from '../../core/compare-texts.ts';
import type { Entity } from '../../core/schemas/primitives.ts';
import type { SynthesisResult } from '../../core/schemas/synthesis.ts';
import { nameChange } from '../shared/change-words.ts';
import { clip } from '../shared/clip.ts';
import { entityKey, nameEntity } from '../shared/entity-key.ts';
import { datedTrouble } from '../shared/picture.ts';
import { formatInstant } from '../shared/timing.ts';
import { capitalised, describeFact, idsOf } from '../shared/wording.ts';
import type { Charge } from './bring-charge.ts';
import type { Judgement } from './judge.ts';

type Entry = SynthesisResult['timeline'][number];

/** Together with the alert these are no more than a timeline may hold. */
const maxChanges = 12;
const maxEntities = 11;
const sharpMs = 2_000;

/**
 * Puts in order what happened when: changes in the window, who deviated, and when it was noticed. A deviation stands where it is first sure, the end of its onset interval: what
 * brought it about would else seem to follow it. Where there is more than fits, what tells most stays, wherever in time it stands: the alert; the cause, those between it and where it hurts, and then whoever
 * deviates most; the change that is held to have done it, the first and the last change, and then those nearest to the onset, changes before it first.
 */
export function drawTimeline(
  judgement: Judgement,
  culprit: Charge | null,
  path: readonly Entity[],
): Entry[] {
  const entries = [
    ...changesOf(judgement, culprit),
    ...deviations(judgement, culprit, path),
    ...noticed(judgement),
  ];
  return entries.sort((one, other) => one.at - other.at || (one.text < other.text ? -1 : 1));
}

function changesOf({ picture }: Judgement, culprit: Charge | null): Entry[] {
  const { window, suspected } = picture.brief;
  const onsetAt = (culprit?.since ?? suspected).latestAt;
  const inside = picture.facts.changes.filter(
    ({ at }) => at >= window.startAt && at < window.endAt,
  );
  const firstAt = Math.min(...inside.map(({ at }) => at));
  const lastAt = Math.max(...inside.map(({ at }) => at));
  const rank = ({ id, at }: (typeof inside)[number]): number =>
    id === culprit?.fit?.change.id
      ? 0
      : at === firstAt || at === lastAt
        ? 1
        : at <= onsetAt
          ? 2
          : 3;
  return inside
    .toSorted(
      (one, other) =>
        rank(one) - rank(other) ||
        Math.abs(one.at - onsetAt) - Math.abs(other.at - onsetAt) ||
        compareTexts(one.id, other.id),
    )
    .slice(0, maxChanges)
    .map((change) => ({
      at: change.at,
      text: clip(`${capitalised(nameChange(change))} is made.`, 300),
      evidenceIds: idsOf([change]),
    }));
}

function deviations(
  { picture, charges }: Judgement,
  culprit: Charge | null,
  path: readonly Entity[],
): Entry[] {
  const between = new Set(path.map(entityKey));
  const rank = (charge: Charge): number =>
    charge === culprit ? 0 : between.has(entityKey(charge.entity)) ? 1 : 2;
  const shown = charges.toSorted((one, other) => rank(one) - rank(other));
  return shown
    .flatMap((charge) => {
      const fact = datedTrouble(picture, charge.entity);
      if (fact === undefined) return [];
      const { earliestAt, latestAt } = charge.since ?? fact.onset;
      const from =
        latestAt - earliestAt > sharpMs
          ? ` (from ${formatInstant(earliestAt)} on at the earliest)`
          : '';
      const text = `${nameEntity(charge.entity)} deviates${from}: ${describeFact(fact)}.`;
      return [{ at: latestAt, text: clip(text, 300), evidenceIds: idsOf([fact]) }];
    })
    .slice(0, maxEntities);
}

function noticed({ picture }: Judgement): Entry[] {
  const { title, startedAt } = picture.brief.alert;
  const at = startedAt === undefined ? Number.NaN : Date.parse(startedAt);
  if (!Number.isFinite(at)) return [];
  return [{ at, text: clip(`Noticed: ${title}`, 300), evidenceIds: [] }];
}
