import type { CitedChange } from '../shared/facts.ts';
import type { Picture } from '../shared/picture.ts';
import { bringCharge } from './bring-charge.ts';
import type { Charge } from './bring-charge.ts';
import { fitChange, leadingMatch } from './fit-changes.ts';

/** By how much a charge that a change accounts for outweighs one that is only louder. */
const outweighs = 1.3;

/**
 * Puts a charge first that a change accounts for by what its diff does: who changed what leads to the symptoms outweighs where they are loudest. Charges stay as they are when no
 * change does, or when it reaches nobody who is charged.
 */
export function leadWithMatch(picture: Picture, charges: readonly Charge[]): readonly Charge[] {
  const change = leadingMatch(picture);
  const charged = change === null ? undefined : chargedBy(change, charges);
  const [leading] = charges;
  if (change === null || charged === undefined || leading === undefined) return charges;
  const fit = fitChange(picture, change, charged.entity);
  if (fit.kind !== 'fits') return charges;
  const score = Math.max(charged.suspect.score, outweighs * leading.suspect.score);
  const first = bringCharge(picture, { ...charged.suspect, score }, fit);
  return [first, ...charges.filter((one) => one !== charged)];
}

function chargedBy({ match }: CitedChange, charges: readonly Charge[]): Charge | undefined {
  const reached = match?.services ?? [];
  return reached.length === 0
    ? charges[0]
    : charges.find(({ entity }) => reached.includes(entity.name));
}
