import { isUint8Array } from 'node:util/types';
import type { Cleaning } from './cleaning.ts';

/** A 64-bit number as protobufjs gives it. */
interface Long {
  readonly low: number;
  readonly high: number;
  readonly unsigned: boolean;
}

function isLong(value: unknown): value is Long {
  return typeof value === 'object' && value !== null && 'low' in value && 'high' in value;
}

function longText({ low, high, unsigned }: Long): string {
  const upper = BigInt(unsigned ? high >>> 0 : high);
  return String((upper << 32n) | BigInt(low >>> 0));
}

/** A whole number as a text of decimal digits, as OTLP writes 64-bit ones in JSON; null when it is none. */
export function integerText(value: unknown): string | null {
  if (isLong(value)) return longText(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : null;
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? value : null;
}

const nanosPerMs = 1e6;

/** The instant as nanoseconds in decimal digits; null when there is none, or it is not one that can be now: then the item has failed. */
export function instantText(value: unknown, cleaning: Cleaning): string | null {
  const text = optionalInstant(value);
  if (text === null) {
    cleaning.fail('no-time');
    return null;
  }
  const ms = instantMs(text);
  if (ms < cleaning.times.earliest) cleaning.fail('too-old');
  else if (ms > cleaning.times.latest) cleaning.fail('in-future');
  return text;
}

/** The same unchecked; 0, which stands for an unknown time, is null. */
export function optionalInstant(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = integerText(value);
  return text === null || text === '0' || text.startsWith('-') ? null : text;
}

/** Epoch milliseconds of such a text. */
export function instantMs(text: string): number {
  return Number(text) / nanosPerMs;
}

/** A floating-point number, as a text where JSON has no number for it; null when it is none. */
export function numberOf(value: unknown): number | string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'string' || value === '') return null;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return value;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** A small whole number, such as that of an enumeration; `other` when it is not there. Its name in JSON is taken too, as protobuf allows. */
export function smallInteger(value: unknown, names: readonly string[] = []): number | null {
  if (value === undefined || value === null) return 0;
  if (typeof value === 'number') return Number.isInteger(value) ? value : null;
  if (typeof value !== 'string') return null;
  const index = names.indexOf(value);
  if (index >= 0) return index;
  return /^-?\d{1,9}$/.test(value) ? Number(value) : null;
}

const hex = /^[0-9a-fA-F]+$/;

/** An id of so many bytes in small hexadecimal digits; empty when it is not there, or all zero as where nothing has an id. */
export function idText(value: unknown, bytes: number, cleaning: Cleaning): string {
  if (value === undefined || value === null || isEmpty(value)) return '';
  const text = isUint8Array(value) ? hexOf(value) : value;
  if (typeof text !== 'string' || text.length !== bytes * 2 || !hex.test(text)) {
    cleaning.fail('no-id');
    return '';
  }
  return /^0+$/.test(text) ? '' : text.toLowerCase();
}

/** Bytes that are not there are an empty list on the prototype of the message. */
function isEmpty(value: unknown): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
