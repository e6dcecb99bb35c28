import type { SynthesisResult } from '../../core/schemas/synthesis.ts';
import { nameChange } from '../shared/change-words.ts';
import { clip } from '../shared/clip.ts';
import { nameEntity } from '../shared/entity-key.ts';
import { datedTrouble } from '../shared/picture.ts';
import { formatInstant } from '../shared/timing.ts';
import { capitalised, describeFact, idsOf } from '../shared/wording.ts';
import type { Charge } from './bring-charge.ts';
import type { Judgement } from './judge.ts';

type Entry = SynthesisResult['timeline'][number];

const maxEntries = 24;
const maxChanges = 8;
const maxEntities = 6;
const sharpMs = 2_000;

/**
 * Puts in order what happened when: changes in the window, who deviated, and when it was noticed. A deviation stands where it is first sure, the end of its onset interval: what
 * brought it about would else seem to follow it.
 */
export function drawTimeline(judgement: Judgement, culprit: Charge | null): Entry[] {
  const entries = [
    ...changesOf(judgement),
    ...deviations(judgement, culprit),
    ...noticed(judgement),
  ];
  return entries
    .sort((one, other) => one.at - other.at || (one.text < other.text ? -1 : 1))
    .slice(0, maxEntries);
}

function changesOf({ picture }: Judgement): Entry[] {
  const { window } = picture.brief;
  return picture.facts.changes
    .filter(({ at }) => at >= window.startAt && at < window.endAt)
    .slice(-maxChanges)
    .map((change) => ({
      at: change.at,
      text: clip(`${capitalised(nameChange(change))} is made.`, 300),
      evidenceIds: idsOf([change]),
    }));
}

function deviations({ picture, charges }: Judgement, culprit: Charge | null): Entry[] {
  const others = charges.filter((one) => one !== culprit);
  const shown = culprit === null ? others : [culprit, ...others];
  return shown.slice(0, maxEntities).flatMap((charge) => {
    const fact = datedTrouble(picture, charge.entity);
    if (fact === undefined) return [];
    const { earliestAt, latestAt } = charge.since ?? fact.onset;
    const from =
      latestAt - earliestAt > sharpMs
        ? ` (from ${formatInstant(earliestAt)} on at the earliest)`
        : '';
    const text = `${nameEntity(charge.entity)} deviates${from}: ${describeFact(fact)}.`;
    return [{ at: latestAt, text: clip(text, 300), evidenceIds: idsOf([fact]) }];
  });
}

function noticed({ picture }: Judgement): Entry[] {
  const { title, startedAt } = picture.brief.alert;
  const at = startedAt === undefined ? Number.NaN : Date.parse(startedAt);
  if (!Number.isFinite(at)) return [];
  return [{ at, text: clip(`Noticed: ${title}`, 300), evidenceIds: [] }];
}
