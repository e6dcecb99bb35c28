import { isUint8Array } from 'node:util/types';
import { isFields } from '../signals.ts';
import type { Fields } from '../signals.ts';
import { longest } from './cleaning.ts';
import type { Cleaning } from './cleaning.ts';
import { integerText, numberOf } from './numbers.ts';

const maxAttributes = 128;
/** The case reader passes over the attributes of a row that are longer than 64 KB in all. */
const maxCharacters = 40_000;
const maxDepth = 8;

/** Attributes to be kept, and how many were left out. */
export interface CleanAttributes {
  readonly attributes: readonly object[];
  readonly dropped: number;
}

/** Rebuilds a list of attributes: secrets masked, texts cut, and no more of them than are read again. */
export function cleanAttributes(given: unknown, cleaning: Cleaning): CleanAttributes {
  const attributes: object[] = [];
  if (given === undefined || given === null) return { attributes, dropped: 0 };
  if (!Array.isArray(given)) {
    cleaning.fail('ill-formed');
    return { attributes, dropped: 0 };
  }
  let characters = 0;
  for (const entry of given as readonly unknown[]) {
    if (attributes.length === maxAttributes || characters > maxCharacters) break;
    const clean = cleanAttribute(entry, cleaning, 0);
    if (clean === null) continue;
    attributes.push(clean);
    characters += sizeOf(clean);
  }
  const dropped = given.length - attributes.length;
  if (dropped > 0) cleaning.repair('cut', dropped);
  return { attributes, dropped };
}

function sizeOf({ key, value }: { readonly key: string; readonly value: Fields }): number {
  const text = value['stringValue'];
  const isDeep = 'arrayValue' in value || 'kvlistValue' in value;
  const length =
    typeof text === 'string' ? text.length : isDeep ? JSON.stringify(value).length : 10;
  return key.length + length + 40;
}

function cleanAttribute(entry: unknown, cleaning: Cleaning, depth: number) {
  if (!isFields(entry)) {
    cleaning.fail('ill-formed');
    return null;
  }
  const key = cleaning.text(entry['key'], longest.name);
  return key === '' ? null : { key, value: cleanValue(entry['value'], cleaning, key, depth) };
}

/** Rebuilds an `AnyValue`. `name` is that of the attribute: the value of one called `password` is a secret whatever it looks like. */
export function cleanValue(
  given: unknown,
  cleaning: Cleaning,
  name = '',
  depth = 0,
  most: number = longest.value,
): Fields {
  if (given === undefined || given === null) return {};
  if (!isFields(given)) return failed('ill-formed', cleaning);
  if (depth > maxDepth) return failed('too-deep', cleaning);
  // Of the members only one is set, and protobufjs keeps the others on the prototype.
  for (const kind of Object.keys(given)) {
    const value = given[kind];
    if (value === undefined || value === null) continue;
    const clean = cleanKind(kind, value, cleaning, { name, depth, most });
    if (clean !== null) return clean;
  }
  return {};
}

function failed(reason: 'ill-formed' | 'too-deep', cleaning: Cleaning): Fields {
  cleaning.fail(reason);
  return {};
}

/** Null for a member that OTLP does not have. */
function cleanKind(
  kind: string,
  value: unknown,
  cleaning: Cleaning,
  at: { readonly name: string; readonly depth: number; readonly most: number },
): Fields | null {
  switch (kind) {
    case 'stringValue':
      if (typeof value !== 'string') return failed('ill-formed', cleaning);
      return { stringValue: cleaning.attributeText(at.name, value, at.most) };
    case 'boolValue':
      return typeof value === 'boolean' ? { boolValue: value } : failed('ill-formed', cleaning);
    case 'intValue': {
      const intValue = integerText(value);
      return intValue === null ? failed('ill-formed', cleaning) : { intValue };
    }
    case 'doubleValue': {
      const doubleValue = numberOf(value);
      return doubleValue === null ? failed('ill-formed', cleaning) : { doubleValue };
    }
    case 'bytesValue':
      return cleanBytes(value, cleaning);
    case 'arrayValue': {
      const values = listIn(value, cleaning);
      const one = (entry: unknown) =>
        cleanValue(entry, cleaning, at.name, at.depth + 1, longest.value);
      return { arrayValue: { values: values.map(one) } };
    }
    case 'kvlistValue': {
      const values = listIn(value, cleaning);
      const one = (entry: unknown) => cleanAttribute(entry, cleaning, at.depth + 1) ?? [];
      return { kvlistValue: { values: values.flatMap(one) } };
    }
    default:
      return null;
  }
}

/** Bytes are Base64 in JSON. What is in them cannot be checked for secrets, so only their number is kept. */
function cleanBytes(value: unknown, cleaning: Cleaning): Fields {
  if (isUint8Array(value)) return { stringValue: `${value.length} bytes` };
  if (typeof value !== 'string') return failed('ill-formed', cleaning);
  return { stringValue: `${Buffer.byteLength(value, 'base64')} bytes` };
}

function listIn(value: unknown, cleaning: Cleaning): readonly unknown[] {
  const values = isFields(value) ? (value['values'] ?? []) : null;
  if (Array.isArray(values)) return values.slice(0, maxAttributes);
  cleaning.fail('ill-formed');
  return [];
}
