import type { Change } from '../../core/ports/telemetry.ts';
import { auditLogType, encodeAuditLog } from './audit-log.ts';
import type { AuditLog } from './audit-log.ts';
import { writesOf } from './controller-writes.ts';
import type { ClusterWrite } from './controller-writes.ts';
import { clusterOf, namespace, resourceOf } from './places.ts';
import type { MonitoredResource } from './places.ts';
import type { World } from './read-world.ts';
import { toStruct } from './struct.ts';
import type { JsonObject, Struct } from './struct.ts';
import { nanosOf, timestampOf } from './time.ts';
import type { Timestamp } from './time.ts';

/** A `google.logging.v2.LogEntry`, and beside it what filters look at. */
export interface StoredEntry {
  readonly nanos: bigint;
  readonly logName: string;
  readonly severity: Severity;
  readonly resource: MonitoredResource;
  readonly insertId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly text: string;
  readonly audit: AuditLog | null;
  readonly message: LogEntry;
}

export interface LogEntry {
  readonly logName: string;
  readonly resource: MonitoredResource;
  readonly timestamp: Timestamp;
  readonly receiveTimestamp: Timestamp;
  readonly severity: Severity;
  readonly insertId: string;
  readonly trace?: string;
  readonly spanId?: string;
  readonly textPayload?: string;
  readonly jsonPayload?: Struct;
  readonly protoPayload?: { readonly type_url: string; readonly value: Uint8Array };
}

export const severities = [
  'DEFAULT',
  'DEBUG',
  'INFO',
  'NOTICE',
  'WARNING',
  'ERROR',
  'CRITICAL',
  'ALERT',
  'EMERGENCY',
] as const;
export type Severity = (typeof severities)[number];

const severityOf = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
} as const;

/**
 * Gives the log entries of a case, in order of time: its log lines, and its changes as the audit log tells them, among so many writes of controllers as a busy
 * cluster has.
 */
export function toLogEntries(
  world: World,
  projectId: string,
  controllerWrites = 0,
): readonly StoredEntry[] {
  const lines = world.logs.map((log, index) => lineEntry(log, index, projectId));
  const audits = world.changes.map((change) => auditEntry(change, projectId));
  const others = writesOf(world.window, controllerWrites).map((write) =>
    writeEntry(write, projectId),
  );
  return [...lines, ...audits, ...others].toSorted((one, other) =>
    one.nanos < other.nanos ? -1 : one.nanos > other.nanos ? 1 : 0,
  );
}

function lineEntry(log: World['logs'][number], index: number, projectId: string): StoredEntry {
  const nanos = nanosOf(log.at);
  const logName = `projects/${projectId}/logs/stdout`;
  const resource = resourceOf(projectId, log.service, log.instance);
  const severity = log.severity === null ? 'DEFAULT' : severityOf[log.severity];
  const insertId = `line-${String(index).padStart(8, '0')}`;
  const hasMore = Object.keys(log.attributes).length > 0;
  return {
    ...{ nanos, logName, severity, resource, insertId },
    labels: {},
    text: log.body,
    audit: null,
    message: {
      ...{ logName, resource, severity, insertId },
      timestamp: timestampOf(nanos),
      receiveTimestamp: timestampOf(nanos),
      ...(log.traceId === null ? {} : { trace: `projects/${projectId}/traces/${log.traceId}` }),
      ...(log.spanId === null ? {} : { spanId: log.spanId }),
      ...(hasMore
        ? { jsonPayload: toStruct({ message: log.body, ...log.attributes }) }
        : { textPayload: log.body }),
    },
  };
}

/** What Kubernetes objects a kind of change is made to; what there is no object for is told of the deployment. */
const objects = {
  deploy: { method: 'io.k8s.apps.v1.deployments.patch', path: 'apps/v1', plural: 'deployments' },
  scale: {
    method: 'io.k8s.apps.v1.deployments.scale.update',
    path: 'apps/v1',
    plural: 'deployments',
  },
  config: { method: 'io.k8s.core.v1.configmaps.patch', path: 'core/v1', plural: 'configmaps' },
  flag: { method: 'io.k8s.core.v1.configmaps.patch', path: 'core/v1', plural: 'configmaps' },
  commit: { method: 'io.k8s.apps.v1.deployments.patch', path: 'apps/v1', plural: 'deployments' },
  schema: { method: 'io.k8s.batch.v1.jobs.create', path: 'batch/v1', plural: 'jobs' },
  infrastructure: { method: 'io.k8s.core.v1.nodes.patch', path: 'core/v1', plural: 'nodes' },
} as const;

/** A change as a pipeline makes it in a cluster: a patch of an object that carries who, what and why in annotations. */
function auditEntry(change: Change, projectId: string): StoredEntry {
  const { method, path, plural } = objects[change.kind];
  const name = change.service ?? 'cluster';
  const object = patchOf(change);
  const write = {
    ...{ at: change.at, insertId: change.id, method, object, by: change.author ?? '' },
    resource: `${path}/namespaces/${namespace}/${plural}/${name}`,
  };
  return writeEntry(write, projectId);
}

function writeEntry(write: ClusterWrite, projectId: string): StoredEntry {
  const nanos = nanosOf(write.at);
  const { insertId } = write;
  const logName = `projects/${projectId}/logs/cloudaudit.googleapis.com%2Factivity`;
  const resource = clusterOf(projectId);
  const request = toStruct(write.object);
  const audit: AuditLog = {
    serviceName: 'k8s.io',
    methodName: write.method,
    resourceName: write.resource,
    authenticationInfo: { principalEmail: write.by },
    request,
    response: request,
  };
  return {
    ...{ nanos, logName, resource, audit, insertId },
    severity: 'NOTICE',
    labels: {},
    text: '',
    message: {
      ...{ logName, resource, severity: 'NOTICE', insertId },
      timestamp: timestampOf(nanos),
      receiveTimestamp: timestampOf(nanos),
      protoPayload: { type_url: auditLogType, value: encodeAuditLog(audit) },
    },
  };
}

/** The names are those that change events have in OpenTelemetry logs too: `change.id` and so on. */
function patchOf(change: Change): JsonObject {
  const said: Readonly<Record<string, string | null | undefined>> = {
    'change.id': change.id,
    'change.kind': change.kind,
    'change.service': change.service,
    'change.title': change.title,
    'change.revision': change.revision,
    'change.url': change.url,
    'change.files': change.files.length === 0 ? null : JSON.stringify(change.files),
    'change.diff': change.diff,
    ...change.attributes,
  };
  const annotations = Object.fromEntries(
    Object.entries(said).flatMap(([key, value]) => (value == null ? [] : [[key, value] as const])),
  );
  return { metadata: { name: change.service ?? 'cluster', namespace, annotations } };
}
