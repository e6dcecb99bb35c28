import protobuf from 'protobufjs';
import type { Fault } from './faults.ts';

/** An error as Google's APIs tell it, with its details in JSON. */
export interface Status {
  readonly grpcCode: number;
  readonly httpCode: number;
  readonly name: string;
  readonly message: string;
  readonly details: readonly Detail[];
  /** The `reason` that BigQuery and other older APIs give. */
  readonly reason: string;
}

type Detail =
  | { readonly kind: 'RetryInfo'; readonly seconds: number }
  | {
      readonly kind: 'ErrorInfo';
      readonly reason: string;
      readonly domain: string;
      readonly metadata: Readonly<Record<string, string>>;
    };

/** Gives the error that a fault is answered with; null for one that is no error. */
export function statusOf(fault: Fault, projectId: string): Status | null {
  switch (fault.kind) {
    case 'quota':
      return {
        grpcCode: 8,
        httpCode: 429,
        name: 'RESOURCE_EXHAUSTED',
        reason: 'rateLimitExceeded',
        message: `Quota exceeded for quota metric 'Read requests' of consumer 'projects/${projectId}'.`,
        details: [{ kind: 'RetryInfo', seconds: fault.retrySeconds }],
      };
    case 'permission-denied':
      return denied(`Permission '${fault.permission}' denied on resource (or it may not exist).`, {
        reason: 'IAM_PERMISSION_DENIED',
        domain: 'iam.googleapis.com',
        metadata: { permission: fault.permission, resource: `projects/${projectId}` },
      });
    case 'api-disabled':
      return denied(
        `${fault.service} has not been used in project ${projectId} before or it is disabled.`,
        {
          reason: 'SERVICE_DISABLED',
          domain: 'googleapis.com',
          metadata: { service: fault.service, consumer: `projects/${projectId}` },
        },
      );
    case 'quota-project':
      return denied('The API requires a quota project, which is not set by default.', {
        reason: 'USER_PROJECT_DENIED',
        domain: 'googleapis.com',
        metadata: { consumer: `projects/${projectId}` },
      });
    case 'deadline-exceeded':
      return plain(
        4,
        504,
        'DEADLINE_EXCEEDED',
        'Deadline expired before operation could complete.',
      );
    case 'unavailable':
      return plain(14, 503, 'UNAVAILABLE', 'The service is currently unavailable.');
    case 'malformed':
      return plain(13, 502, 'INTERNAL', 'Received RST_STREAM with code 2.');
    case 'slow':
    case 'hang':
    case 'endless-pages':
    case 'empty-pages':
    case 'partial':
    case 'other-shape':
    case 'job-error':
    case 'clock':
      return null;
  }
}

function plain(grpcCode: number, httpCode: number, name: string, message: string): Status {
  return { grpcCode, httpCode, name, message, details: [], reason: 'backendError' };
}

function denied(
  message: string,
  info: Omit<Extract<Detail, { readonly kind: 'ErrorInfo' }>, 'kind'>,
): Status {
  return {
    grpcCode: 7,
    httpCode: 403,
    name: 'PERMISSION_DENIED',
    message,
    details: [{ kind: 'ErrorInfo', ...info }],
    reason: 'accessDenied',
  };
}

/** What a request gets that this server does not understand. */
export function invalidArgument(message: string): Status {
  return { ...plain(3, 400, 'INVALID_ARGUMENT', message), reason: 'invalidQuery' };
}

/** Writes an error as the JSON of a REST answer. */
export function toJsonError(status: Status): object {
  return {
    error: {
      code: status.httpCode,
      message: status.message,
      status: status.name,
      errors: [{ reason: status.reason, message: status.message, domain: 'global' }],
      details: status.details.map((detail) =>
        detail.kind === 'RetryInfo'
          ? {
              '@type': `type.googleapis.com/google.rpc.RetryInfo`,
              retryDelay: `${detail.seconds}s`,
            }
          : {
              '@type': `type.googleapis.com/google.rpc.ErrorInfo`,
              reason: detail.reason,
              domain: detail.domain,
              metadata: detail.metadata,
            },
      ),
    },
  };
}

/** Field numbers of google/rpc/status.proto and google/rpc/error_details.proto. */
const { root } = protobuf.parse(`syntax = "proto3";
message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
message Any { string type_url = 1; bytes value = 2; }
message RetryInfo { Duration retry_delay = 1; }
message Duration { int64 seconds = 1; int32 nanos = 2; }
message ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }
`);

function encode(name: string, value: object): Uint8Array {
  const type = root.lookupType(name);
  return type.encode(type.fromObject(value)).finish();
}

/** Encodes an error as the trailer `grpc-status-details-bin`. */
export function encodeStatus({ grpcCode, message, details }: Status): Uint8Array {
  return encode('Status', {
    code: grpcCode,
    message,
    details: details.map((detail) => ({
      typeUrl: `type.googleapis.com/google.rpc.${detail.kind}`,
      value:
        detail.kind === 'RetryInfo'
          ? encode('RetryInfo', { retryDelay: { seconds: Math.floor(detail.seconds) } })
          : encode('ErrorInfo', detail),
    })),
  });
}
