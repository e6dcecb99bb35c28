import { z } from '../../core/schemas/z.ts';

const listSchema = z.object({ values: z.array(z.unknown()).optional() });
const structSchema = z.object({ fields: z.record(z.string(), z.unknown()).optional() });
const valueSchema = z.looseObject({
  stringValue: z.string().nullish(),
  numberValue: z.number().nullish(),
  boolValue: z.boolean().nullish(),
  structValue: structSchema.nullish(),
  listValue: listSchema.nullish(),
});

type Flat = Readonly<Record<string, string>>;

const mostDepth = 6;

/** Reads a `google.protobuf.Struct` as texts under dotted names, as attributes of telemetry are; lists as JSON. */
export function flattenStruct(struct: unknown): Flat {
  const flat: Record<string, string> = {};
  const walk = (fields: Readonly<Record<string, unknown>>, prefix: string, depth: number): void => {
    for (const [key, value] of Object.entries(fields)) {
      const name = prefix === '' ? key : `${prefix}.${key}`;
      const inner = valueSchema.safeParse(value).data?.structValue?.fields;
      if (inner !== undefined && depth < mostDepth) walk(inner, name, depth + 1);
      else {
        const plain = toJson(value);
        if (plain !== null) flat[name] = typeof plain === 'string' ? plain : JSON.stringify(plain);
      }
    }
  };
  walk(structSchema.safeParse(struct).data?.fields ?? {}, '', 0);
  return flat;
}

/** Reads a `google.protobuf.Value` as JSON. */
function toJson(value: unknown): unknown {
  const parsed = valueSchema.safeParse(value).data;
  if (parsed === undefined) return null;
  const { stringValue, numberValue, boolValue, structValue, listValue } = parsed;
  if (listValue != null) return (listValue.values ?? []).map(toJson);
  if (structValue != null) {
    const fields = Object.entries(structValue.fields ?? {});
    return Object.fromEntries(fields.map(([key, inner]) => [key, toJson(inner)]));
  }
  return stringValue ?? numberValue ?? boolValue ?? null;
}
