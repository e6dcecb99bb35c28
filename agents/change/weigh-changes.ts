import { clearScore } from '../../core/analysis/shift.ts';
import type { Entity } from '../../core/schemas/primitives.ts';
import { ownAspects } from '../shared/arising.ts';
import { faultOfChange, nameChange } from '../shared/change-words.ts';
import { isTrouble } from '../shared/facts.ts';
import type { CitedChange, Fact } from '../shared/facts.ts';
import type { Seen } from '../shared/specialist.ts';
import type { Suspicion } from '../shared/suspicion.ts';
import { formatLag, timeChange } from '../shared/timing.ts';
import { capitalised, describeFact } from '../shared/wording.ts';

/**
 * Weighs every change against the suspected onset: nearer is more suspicious, and one that came when it had begun is out. A change whose service was
 * compared right before and right after it stands when the service itself changed then, and falls when it went on as before.
 */
export function suspectChanges(seen: Seen): Suspicion[] {
  return seen.changes.flatMap((change) => {
    const timing = timeChange(change.at, seen.brief.suspected);
    if (timing.kind === 'long-before' || change.service === undefined) return [];
    const entity: Entity = { kind: 'service', name: change.service };
    const common = {
      entity,
      faultKind: faultOfChange(change),
      score: 2 * clearScore * timing.closeness,
      changeId: change.id,
      speaksFor: [change],
    };
    const name = capitalised(nameChange(change));
    if (timing.kind === 'after') {
      const because = 'It was made when it had already begun.';
      const mechanism = `${name} came too late to be the cause.`;
      return [
        { ...common, mechanism, because, state: 'refuted' as const, speaksAgainst: [change] },
      ];
    }
    const when =
      timing.lagMs === 0 ? 'when it began' : `${formatLag(timing.lagMs)} before it began`;
    return [{ ...common, mechanism: `${name}, made ${when}.`, ...testChange(change) }];
  });
}

function testChange(change: CitedChange): Pick<Suspicion, 'state' | 'because' | 'speaksAgainst'> {
  const { effects, service = '' } = change;
  if (effects === null) return { state: 'open', because: 'Its effect has not been looked at.' };
  const own = effects.find((fact) => isOwn(fact) && isTrouble(fact));
  if (own !== undefined)
    return { state: 'supported', because: `Right after it: ${describeFact(own)}.` };
  const trouble = effects.find(isTrouble);
  if (trouble !== undefined) {
    const because = `Right after it: ${describeFact(trouble)}; this may come from what ${service} calls.`;
    return { state: 'open', because };
  }
  return {
    state: 'refuted',
    because: `Compared right before and right after it, ${service} went on as before.`,
    speaksAgainst: [change],
  };
}

function isOwn(fact: Fact): boolean {
  return ownAspects.has(fact.aspect);
}
