import type { Entity } from '../../schemas/primitives.ts';

const hash = /^[a-z0-9]{8,10}$/;
const suffix = /^[a-z0-9]{5}$/;
const hasDigit = /\d/;

/** The workload that a pod belongs to, by the names that Kubernetes gives pods; the name itself where it has no such form. */
export function workloadOfPod(name: string): string {
  const parts = name.split('-');
  const last = parts.at(-1) ?? '';
  if (parts.length < 2) return name;
  if (/^\d{1,3}$/.test(last)) return parts.slice(0, -1).join('-');
  const isSuffix = suffix.test(last);
  const before = parts.at(-2) ?? '';
  if (parts.length > 2 && isSuffix && hash.test(before) && hasDigit.test(before)) {
    return parts.slice(0, -2).join('-');
  }
  return isSuffix && hasDigit.test(last) ? parts.slice(0, -1).join('-') : name;
}

/** Names an object of a cluster as an entity: a pod stands for its workload, since that is what other telemetry speaks of. */
export function entityOfObject(kind: string | null, name: string): Entity {
  switch ((kind ?? '').toLowerCase()) {
    case 'pod':
      return { kind: 'service', name: workloadOfPod(name) };
    case 'node':
      return { kind: 'node', name };
    case 'namespace':
      return { kind: 'namespace', name };
    case 'dbinstance':
    case 'database':
      return { kind: 'database', name };
    default:
      return { kind: 'service', name };
  }
}
