import type { Entity } from '../../core/schemas/primitives.ts';
import type { Fact } from '../shared/facts.ts';
import type { Edge, Picture } from '../shared/picture.ts';
import { bestChange } from './fit-changes.ts';
import type { ChangeFit } from './fit-changes.ts';

/** A callee that looks bad only because its caller was changed. */
export interface CallersDoing {
  readonly caller: Entity;
  readonly callee: Entity;
  readonly fit: ChangeFit;
  readonly fact: Fact;
}

const poolWords = ['pool', 'connection', 'conns', 'concurrency'];
const patienceWords = [
  'timeout',
  'time-out',
  'deadline',
  'retries',
  'retry',
  'limit',
  'url',
  'host',
];

/**
 * Finds calls of an entity that fail or wait because the entity itself was changed just then: they fail although the callee answers no slower than
 * before, or they wait for connections that a changed setting made scarce. The callee is then a victim of its caller.
 */
export function callersDoing(picture: Picture, caller: Entity): readonly CallersDoing[] {
  return picture.edgesFrom(caller).flatMap((edge) => {
    const found = byFailing(picture, edge) ?? byPool(picture, edge);
    return found === null ? [] : [{ caller, callee: edge.to, ...found }];
  });
}

type Found = Pick<CallersDoing, 'fit' | 'fact'>;

function byFailing(picture: Picture, edge: Edge): Found | null {
  const { from, to, failing, slower } = edge;
  if (failing === undefined || slower !== undefined) return null;
  if (picture.trouble(to, 'error-ratio', 'own-error', 'duration') !== undefined) return null;
  const fit = bestChange(picture, from, ['edge-error']);
  const isAccepted = fit?.kind === 'fits' || touches(fit, patienceWords);
  return fit === null || !isAccepted ? null : { fit, fact: failing };
}

function byPool(picture: Picture, edge: Edge): Found | null {
  const { from, slower } = edge;
  const scarce = picture.trouble(from, 'connections');
  if (slower === undefined || scarce === undefined) return null;
  const fit = bestChange(picture, from, ['connections', 'edge-duration']);
  return fit === null || !touches(fit, poolWords) ? null : { fit, fact: scarce };
}

/** Tells whether a change names a setting of a certain kind: nearness in time alone is never enough. */
function touches(fit: ChangeFit | null, words: readonly string[]): boolean {
  const settings = fit?.change.touches ?? [];
  return settings.some((setting) => words.some((word) => setting.toLowerCase().includes(word)));
}
