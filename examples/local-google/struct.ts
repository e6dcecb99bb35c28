/** `google.protobuf.Value` and `google.protobuf.Struct` as plain objects. */
export interface StructValue {
  readonly nullValue?: 0;
  readonly stringValue?: string;
  readonly numberValue?: number;
  readonly boolValue?: boolean;
  readonly structValue?: Struct;
  readonly listValue?: { readonly values: readonly StructValue[] };
}
export interface Struct {
  readonly fields: Readonly<Record<string, StructValue>>;
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

/** Turns a JSON object into a Struct. */
export function toStruct(object: JsonObject): Struct {
  return {
    fields: Object.fromEntries(Object.entries(object).map(([key, value]) => [key, valueOf(value)])),
  };
}

function valueOf(value: Json): StructValue {
  if (value === null) return { nullValue: 0 };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (isList(value)) return { listValue: { values: value.map(valueOf) } };
  return { structValue: toStruct(value) };
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
