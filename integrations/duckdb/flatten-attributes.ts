const maxAttributes = 128;
const maxKeyLength = 200;
const maxValueLength = 4_096;

/** Attributes of a resource that are told elsewhere or say only how the telemetry was made. */
const isPlumbing = (key: string): boolean =>
  key === 'service.name' || key === 'service.instance.id' || key.startsWith('telemetry.');

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The plain value of an OTLP AnyValue; undefined for an empty one. */
function plainValue(value: unknown): unknown {
  if (!isObject(value)) return undefined;
  const { arrayValue, kvlistValue } = value;
  if (isObject(arrayValue)) {
    return Array.isArray(arrayValue['values']) ? arrayValue['values'].map(plainValue) : [];
  }
  if (isObject(kvlistValue)) return Object.fromEntries(otlpEntries(kvlistValue['values']));
  return Object.values(value)[0];
}

function otlpEntries(list: unknown): readonly (readonly [string, unknown])[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) =>
    isObject(entry) && typeof entry['key'] === 'string'
      ? [[entry['key'], plainValue(entry['value'])] as const]
      : [],
  );
}

function entriesOf(text: string): readonly (readonly [string, unknown])[] {
  const parsed: unknown = JSON.parse(text);
  if (isObject(parsed)) return Object.entries(parsed);
  return otlpEntries(parsed);
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value) ?? '';
}

/**
 * Makes one flat, sorted map of texts of a row's own attributes and those around it (its resource, or columns that are not ours), of which its own
 * win. Each is a JSON object, or a list as OTLP has it. Lists and objects within become JSON text, empty values are left out; at most 128
 * attributes, values cut at 4,096 characters.
 */
export function flattenAttributes(own: string, around: string): Readonly<Record<string, string>> {
  const resource = entriesOf(around).filter(([key]) => !isPlumbing(key));
  const flat = new Map<string, string>();
  for (const [key, value] of [...resource, ...entriesOf(own)]) {
    if (key === '' || value === null || value === undefined || value === '') continue;
    const text = toText(value).replaceAll('\0', '\uFFFD').slice(0, maxValueLength);
    flat.set(key.slice(0, maxKeyLength), text);
  }
  const sorted = [...flat].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(sorted.slice(0, maxAttributes));
}
