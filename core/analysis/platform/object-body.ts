export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** What stands at a path of field names joined by points; undefined where there is nothing. */
export function valueAt(body: Json, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), body);
}

/** What stands at the first of some paths at which anything stands. */
export function firstAt(body: Json, ...paths: readonly string[]): unknown {
  return paths.map((path) => valueAt(body, path)).find((value) => value !== undefined);
}

/** The objects of a list that stands at the first of some paths that has one. */
export function objectsAt(body: Json, ...paths: readonly string[]): readonly Json[] {
  for (const path of paths) {
    const value = valueAt(body, path);
    if (Array.isArray(value)) return value.filter(isObject);
  }
  return [];
}

/** The containers of a pod: as Kubernetes writes them, or as the lists that people export. */
export function containersOf(body: Json): readonly Json[] {
  return [
    ...objectsAt(body, 'status.containerStatuses', 'containers'),
    ...objectsAt(body, 'status.initContainerStatuses'),
  ];
}

const flatConditions: Readonly<Record<string, string>> = {
  ready: 'Ready',
  memory_pressure: 'MemoryPressure',
  disk_pressure: 'DiskPressure',
  pid_pressure: 'PIDPressure',
  network_unavailable: 'NetworkUnavailable',
};

/** The conditions of an object: a list as Kubernetes writes it, or fields of their own as exported lists of nodes have them. */
export function conditionsAt(body: Json): readonly Json[] {
  const listed = objectsAt(body, 'status.conditions', 'conditions');
  const flat = Object.entries(flatConditions).flatMap(([field, type]): Json[] => {
    const value = body[field];
    const status = typeof value === 'boolean' ? (value ? 'True' : 'False') : textOf(value);
    return /^(True|False|Unknown)$/.test(status) ? [{ type, status }] : [];
  });
  return [...listed, ...flat];
}

/** How many replicas a workload asks for; null where it does not say. */
export function desiredReplicas(body: Json): number | null {
  const desired = firstAt(body, 'spec.replicas', 'desired');
  return typeof desired === 'number' ? desired : null;
}
