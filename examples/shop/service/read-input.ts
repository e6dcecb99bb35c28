import { ShopError } from './shop-error.ts';

/** Narrows parsed JSON to an object; a 400 names what was expected. */
export function readObject(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ShopError(400, 'bad-request', `${what} must be a JSON object`);
  }
  return Object.fromEntries(Object.entries(value));
}

/** Reads a text field of at most `longest` characters. */
export function readText(
  object: Readonly<Record<string, unknown>>,
  field: string,
  longest = 200,
): string {
  const value = object[field];
  if (typeof value !== 'string' || value === '' || value.length > longest) {
    throw new ShopError(
      400,
      'bad-request',
      `"${field}" must be a text of 1 to ${longest} characters`,
    );
  }
  return value;
}

/** Reads a whole number from 1 to ten million. */
export function readCount(object: Readonly<Record<string, unknown>>, field: string): number {
  const value = object[field];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 10_000_000) {
    throw new ShopError(400, 'bad-request', `"${field}" must be a whole number from 1 to 10000000`);
  }
  return value;
}
