import protobuf from 'protobufjs';
import type { Struct } from './struct.ts';

/** What this server fills in of `google.cloud.audit.AuditLog`. */
export interface AuditLog {
  readonly serviceName: string;
  readonly methodName: string;
  readonly resourceName: string;
  readonly authenticationInfo: { readonly principalEmail: string };
  readonly request: Struct;
  readonly response: Struct;
}

export const auditLogType = 'type.googleapis.com/google.cloud.audit.AuditLog';

/** Field numbers of google/cloud/audit/audit_log.proto and google/protobuf/struct.proto. */
const { root } = protobuf.parse(`syntax = "proto3";
message AuditLog {
  string service_name = 7;
  string method_name = 8;
  string resource_name = 11;
  AuthenticationInfo authentication_info = 3;
  Struct request = 16;
  Struct response = 17;
}
message AuthenticationInfo { string principal_email = 1; }
message Struct { map<string, Value> fields = 1; }
message Value {
  oneof kind {
    NullValue null_value = 1;
    double number_value = 2;
    string string_value = 3;
    bool bool_value = 4;
    Struct struct_value = 5;
    ListValue list_value = 6;
  }
}
enum NullValue { NULL_VALUE = 0; }
message ListValue { repeated Value values = 1; }
`);

/** Encodes an audit log for the payload of a log entry. */
export function encodeAuditLog(audit: AuditLog): Uint8Array {
  const type = root.lookupType('AuditLog');
  return type.encode(type.fromObject(audit)).finish();
}
