import { dated, front } from './world.ts';
import type { World } from './world.ts';
import type { Entity } from '../../../core/schemas/primitives.ts';

/** An imagined incident and the right answer; `cause` null means that none must be named. */
export interface Scenario {
  readonly name: string;
  readonly world: World;
  readonly cause: {
    readonly entity: Entity;
    readonly faultKind: string;
    readonly changeId: string | null;
  } | null;
}

export const feltErrors = [dated({ entity: front, aspect: 'error-ratio' })];
export const feltSlow = [dated({ entity: front, aspect: 'duration' })];
export const failing = (entity: Entity) => dated({ entity, aspect: 'error-ratio' });
export const slow = (entity: Entity, after = 900) => dated({ entity, aspect: 'duration', after });
export const ownErrors = (entity: Entity) => dated({ entity, aspect: 'own-error' });
