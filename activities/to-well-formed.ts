/**
 * Replaces lone surrogates in every text of a JSON value by U+FFFD. Telemetry may be cut in the middle of a character, and what is cut has no canonical form
 * to be hashed by.
 */
export function toWellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(toWellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toWellFormed(), toWellFormed(member)]),
  );
}
