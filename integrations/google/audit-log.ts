import protobuf from 'protobufjs';
import type { LogEntry } from './log-entry.ts';
import { flattenStruct } from './struct.ts';

/** Who did what to which object, as Cloud Audit Logs tell it. */
export interface AuditLog {
  /** `k8s.io`, `run.googleapis.com` ... */
  readonly service: string;
  readonly method: string;
  readonly resource: string;
  readonly principal: string | null;
  /** What was asked for and what came of it, as texts under dotted names. */
  readonly request: Readonly<Record<string, string>>;
  readonly response: Readonly<Record<string, string>>;
  readonly failed: boolean;
}

/** Of google/cloud/audit/audit_log.proto and google/protobuf/struct.proto, what is read. gRPC hands the payload over undecoded. */
const { root } = protobuf.parse(`syntax = "proto3";
message AuditLog {
  Status status = 2;
  AuthenticationInfo authentication_info = 3;
  string service_name = 7;
  string method_name = 8;
  string resource_name = 11;
  Struct request = 16;
  Struct response = 17;
}
message Status { int32 code = 1; }
message AuthenticationInfo { string principal_email = 1; }
message Struct { map<string, Value> fields = 1; }
message Value {
  oneof kind {
    int32 null_value = 1;
    double number_value = 2;
    string string_value = 3;
    bool bool_value = 4;
    Struct struct_value = 5;
    ListValue list_value = 6;
  }
}
message ListValue { repeated Value values = 1; }
`);
const auditType = root.lookupType('AuditLog');

interface Decoded {
  readonly status?: { readonly code?: number };
  readonly authenticationInfo?: { readonly principalEmail?: string };
  readonly serviceName?: string;
  readonly methodName?: string;
  readonly resourceName?: string;
  readonly request?: unknown;
  readonly response?: unknown;
}

/** Decodes the audit log of an entry; null when it carries none, or one that cannot be decoded. */
export function readAuditLog({ protoPayload }: LogEntry): AuditLog | null {
  if (protoPayload?.type_url?.endsWith('/google.cloud.audit.AuditLog') !== true) return null;
  const { value } = protoPayload;
  if (!(value instanceof Uint8Array)) return null;
  try {
    const decoded = auditType.toObject(auditType.decode(value)) as Decoded;
    return {
      service: decoded.serviceName ?? '',
      method: decoded.methodName ?? '',
      resource: decoded.resourceName ?? '',
      principal: decoded.authenticationInfo?.principalEmail || null,
      request: flattenStruct(decoded.request),
      response: flattenStruct(decoded.response),
      failed: (decoded.status?.code ?? 0) !== 0,
    };
  } catch {
    return null; // one entry that is broken says nothing of the others
  }
}
