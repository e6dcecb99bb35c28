import type { Entity } from '../../core/schemas/primitives.ts';

/** A text that is equal for two references exactly when they name the same entity. */
export function entityKey(entity: Entity): string {
  return `${entity.kind}:${entity.name}`;
}

/** Names an entity for people; the kind is said where a name alone would mislead. */
export function nameEntity(entity: Entity): string {
  switch (entity.kind) {
    case 'service':
      return entity.name;
    case 'external':
      return `${entity.name} (outside)`;
    default:
      return `${entity.kind} ${entity.name}`;
  }
}
