import type { Change } from '../../core/ports/telemetry.ts';
import { readAuditLog } from './audit-log.ts';
import type { AuditLog } from './audit-log.ts';
import { msOf, nanosOf } from './instants.ts';
import type { LogEntry } from './log-entry.ts';
import { neverChange, rarelyChange } from './no-change.ts';
import { withoutSecrets } from './without-secrets.ts';

const kinds = ['deploy', 'config', 'flag', 'scale', 'commit', 'schema', 'infrastructure'] as const;
const maxId = 120;
const maxTitle = 160;
const maxFiles = 200;

/** What a method changes, by its name; the first that fits counts. */
const byMethod: readonly (readonly [RegExp, Change['kind'] | null])[] = [
  [rarelyChange, null],
  [/\.scale\.(update|patch)$|horizontalpodautoscalers/, 'scale'],
  [/\.(configmaps|secrets)\./, 'config'],
  [/\.(deployments|statefulsets|daemonsets)\./, 'deploy'],
  [/\.run\.v\d+\.Services\.|run\..*(ReplaceService|CreateService|UpdateService)/, 'deploy'],
  [
    /CloudFunctionsService|FunctionService|Versions\.CreateVersion|Versions\.UpdateVersion/,
    'deploy',
  ],
  [/cloudsql\.instances\.|sql.*update/i, 'config'],
];

/** A pipeline that annotates what it deploys says so itself, under the names that change events have in OpenTelemetry logs. */
const annotation = 'metadata.annotations.';
const causeKey = `${annotation}kubernetes.io/change-cause`;

/** Reads an entry of the audit log as a change, its secrets masked; null when it tells of none, or of one that was refused. */
export function changeOf(entry: LogEntry): Change | null {
  const audit = readAuditLog(entry);
  const nanos = nanosOf(entry.timestamp);
  if (audit === null || nanos === null || audit.failed) return null;
  if (neverChange.test(audit.method)) return null;
  const said = (name: string): string | undefined => saidIn(audit, name);
  const kind = kinds.find((one) => one === said('kind')) ?? kindOf(audit);
  if (kind === null) return null;
  const service = said('service') ?? (said('id') === undefined ? nameOf(audit) : undefined);
  const revision = said('revision') ?? revisionOf(audit);
  const title = said('title') ?? audit.request[causeKey] ?? `${audit.method} ${audit.resource}`;
  return {
    id: short(said('id') ?? entry.insertId ?? `${audit.resource}@${nanos}`, maxId),
    kind,
    at: msOf(nanos),
    ...(service === undefined ? {} : { service: short(service, maxId) }),
    ...(revision === undefined ? {} : { revision: short(revision, maxId) }),
    title: short(title, maxTitle),
    author: audit.principal,
    url: masked(said('url')),
    files: filesOf(said('files')),
    diff: masked(said('diff')),
    attributes: { method: audit.method, resource: withoutSecrets(audit.resource) },
  };
}

/** What whoever made a change says of it, in an annotation of the object. */
function saidIn({ request, response }: AuditLog, name: string): string | undefined {
  const key = `${annotation}change.${name}`;
  return request[key] ?? response[key];
}

function masked(text: string | undefined): string | null {
  return text === undefined ? null : withoutSecrets(text);
}

/** Cuts after masking: half a secret would not be recognised. */
function short(text: string, most: number): string {
  return withoutSecrets(text).slice(0, most);
}

function kindOf({ method }: AuditLog): Change['kind'] | null {
  const found = byMethod.find(([pattern]) => pattern.test(method));
  return found === undefined ? 'infrastructure' : found[1];
}

/** The object that was changed, which is called as its service is as a rule: the last part of `.../deployments/checkout`. */
function nameOf({ resource }: AuditLog): string | undefined {
  return resource.split('/').at(-1) || undefined;
}

/** The revision that came of it: of Cloud Run by its name, of a workload by the tag of its image. */
function revisionOf({ request, response }: AuditLog): string | undefined {
  const created = response['status.latestCreatedRevisionName'];
  if (created !== undefined) return created;
  const containers = request['spec.template.spec.containers'] ?? '';
  return /"image":"[^"]*[:@]([^":@/]+)"/.exec(containers)?.[1];
}

function filesOf(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed)) return parsed.slice(0, maxFiles).map(String).map(withoutSecrets);
  } catch {
    // names separated by commas
  }
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .slice(0, maxFiles)
    .map(withoutSecrets);
}
