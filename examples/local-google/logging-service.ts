import { fulfils, isOrdered, parseFilter } from './filter.ts';
import type { Comparison } from './filter.ts';
import { loadService, pageOf } from './grpc-server.ts';
import type { GrpcService } from './grpc-server.ts';
import { severities } from './log-entries.ts';
import type { StoredEntry } from './log-entries.ts';
import { textField } from './request-fields.ts';
import type { Struct } from './struct.ts';
import { nanosOfRfc3339 } from './time.ts';

const mostEntries = 1_000;

/** Cloud Logging: `entries.list` over the entries of a case. */
export function createLoggingService(
  entries: readonly StoredEntry[],
  projectId: string,
): GrpcService {
  return {
    definition: loadService(
      ['@google-cloud/logging', '@google-cloud/logging-api'],
      '@google-cloud/logging-api/build/protos/protos.json',
      'google.logging.v2.LoggingServiceV2',
    ),
    methods: {
      ListLogEntries: {
        route: 'logging.entries.list',
        field: 'entries',
        partial: {},
        list: (request) => {
          const names = request['resourceNames'];
          if (!Array.isArray(names) || !names.includes(`projects/${projectId}`)) {
            throw new Error(`resource_names has to name projects/${projectId}`);
          }
          const filter = parseFilter(textField(request, 'filter'));
          const found = entries.filter((entry) => fulfils(filter, (one) => holds(entry, one)));
          const inOrder = isDescending(request['orderBy']) ? found.toReversed() : found;
          const { pageSize, pageToken } = request;
          const page = pageOf(inOrder, { pageSize, pageToken, most: mostEntries });
          return { ...page, rows: page.rows.map((entry) => (entry as StoredEntry).message) };
        },
      },
    },
  };
}

function isDescending(orderBy: unknown): boolean {
  if (orderBy === '' || orderBy === 'timestamp asc' || orderBy === 'timestamp') return false;
  if (orderBy === 'timestamp desc') return true;
  throw new Error('order_by is one of "timestamp asc" and "timestamp desc"');
}

function holds(entry: StoredEntry, { field, operator, value }: Comparison): boolean {
  if (field === 'timestamp') {
    const nanos = nanosOfRfc3339(value);
    if (nanos === null) throw new Error(`timestamp is compared with "${value}"`);
    return isOrdered(entry.nanos, operator, nanos);
  }
  if (field === 'severity') {
    const rank = (severities as readonly string[]).indexOf(value);
    if (rank < 0) throw new Error(`there is no severity "${value}"`);
    return isOrdered(severities.indexOf(entry.severity), operator, rank);
  }
  if (field === 'log_id') {
    return entry.logName.endsWith(`/logs/${encodeURIComponent(value)}`);
  }
  return isOrdered(textOf(entry, field), operator, value);
}

/** Gives the text of a field; that of a label that is not there is empty. */
function textOf(entry: StoredEntry, field: string): string {
  const [head = '', ...rest] = field.split('.');
  const path = rest.join('.').replace(/^"|"$/g, '');
  if (field === 'resource.type') return entry.resource.type;
  if (field.startsWith('resource.labels.')) {
    return entry.resource.labels[path.slice('labels.'.length)] ?? '';
  }
  if (head === 'labels') return entry.labels[path] ?? '';
  switch (field) {
    case 'logName':
      return entry.logName;
    case 'insertId':
      return entry.insertId;
    case 'trace':
      return entry.message.trace ?? '';
    case 'textPayload':
    case 'jsonPayload.message':
      return entry.text;
    case 'protoPayload.serviceName':
      return entry.audit?.serviceName ?? '';
    case 'protoPayload.methodName':
      return entry.audit?.methodName ?? '';
    case 'protoPayload.resourceName':
      return entry.audit?.resourceName ?? '';
    case 'protoPayload.status.code':
      return ''; // what this server tells of has all come to pass
    case 'protoPayload.request.metadata.annotations."change.kind"':
      return annotationOf(entry.audit?.request, 'change.kind');
    case 'protoPayload.response.metadata.annotations."change.kind"':
      return annotationOf(entry.audit?.response, 'change.kind');
    default:
      throw new Error(`this server knows no field ${field}`);
  }
}

function annotationOf(object: Struct | undefined, name: string): string {
  const annotations = object?.fields['metadata']?.structValue?.fields['annotations'];
  return annotations?.structValue?.fields[name]?.stringValue ?? '';
}
