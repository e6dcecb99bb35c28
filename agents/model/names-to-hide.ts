import type { IdentifierKind } from '../../core/safety/masking/identifier-kinds.ts';
import type { ObservedCall } from '../../core/ports/policy.ts';
import type { Brief } from '../../core/schemas/brief.ts';
import type { Entity } from '../../core/schemas/primitives.ts';

/** A name that an investigation knows, and what it is of. */
export type Known = { readonly kind: IdentifierKind; readonly name: string };

const kindOfEntity: Readonly<Record<Entity['kind'], IdentifierKind>> = {
  service: 'service',
  instance: 'pod',
  node: 'hostname',
  namespace: 'namespace',
  database: 'service',
  queue: 'service',
  edge: 'service',
  external: 'service',
};
const leastLength = 2;

/** Lists all names that an investigation knows to be somebody's, each once, in a fixed order. */
export function namesToHide(brief: Brief, observations: readonly ObservedCall[]): Known[] {
  const names = new Map<string, IdentifierKind>();
  const put = (name: string, kind: IdentifierKind): void => {
    if (name.length >= leastLength && !names.has(name)) names.set(name, kind);
  };
  const putEntity = (entity: Entity | null | undefined): void => {
    if (entity != null) put(entity.name, kindOfEntity[entity.kind]);
  };
  putEntity(brief.entity);
  putEntity(brief.alert.entity);
  const covered = brief.coverage.flatMap(({ services }) => services);
  for (const service of [...brief.services, ...brief.opsServices, ...covered]) {
    put(service, 'service');
  }
  for (const candidate of brief.candidates ?? []) putEntity(candidate);
  for (const { observed } of observations) {
    if (!observed.ok) continue;
    const { digest } = observed;
    for (const { entity, peer } of digest.observations) {
      putEntity(entity);
      putEntity(peer);
    }
    for (const { from, to } of digest.dependencies) {
      putEntity(from);
      putEntity(to);
    }
    for (const { service } of digest.changes) if (service !== undefined) put(service, 'service');
  }
  return [...names].map(([name, kind]) => ({ name, kind }));
}
