import { AppError } from '../errors.ts';

const maxDepth = 200;
/** With the `u` flag a surrogate matches only where it has no partner. */
const loneSurrogate = /[\uD800-\uDFFF]/u;

/**
 * Writes a value as the one JSON text that equal values share, so that it can be hashed: no blanks, members sorted by the UTF-16 code units of
 * their names, numbers and strings as ECMAScript writes them. Takes plain JSON only, down to 200 levels; anything else (`undefined`, NaN,
 * infinities, dates, lone surrogates ...) throws `bug.invariant` with its path, since a hash over something dropped or bent would bind to nothing.
 * Source: RFC 8785.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$', 0);
}

function write(value: unknown, path: string, depth: number): string {
  if (depth > maxDepth) throw refuse(path, `is more than ${maxDepth} levels deep`);
  switch (typeof value) {
    case 'string':
      return writeString(value, path);
    case 'number':
      if (!Number.isFinite(value)) throw refuse(path, `is ${value}`);
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value)
        ? writeArray(value, path, depth)
        : writeObject(value, path, depth);
    default:
      throw refuse(path, `is of type ${typeof value}`);
  }
}

function writeString(text: string, path: string): string {
  if (loneSurrogate.test(text)) throw refuse(path, 'holds a lone surrogate');
  return JSON.stringify(text);
}

function writeArray(items: readonly unknown[], path: string, depth: number): string {
  // Array.from visits the holes of a sparse array too, as undefined, which is refused.
  const written = Array.from(items, (item, index) => write(item, `${path}[${index}]`, depth + 1));
  return `[${written.join(',')}]`;
}

function writeObject(value: object, path: string, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw refuse(path, 'is no plain object');
  const members = Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => {
      const at = `${path}.${name.slice(0, 80)}`;
      return `${writeString(name, at)}:${write(member, at, depth + 1)}`;
    });
  return `{${members.join(',')}}`;
}

function refuse(path: string, says: string): AppError {
  return new AppError('bug.invariant', `cannot be written as canonical JSON: ${path} ${says}`);
}
