import type { Evidence } from '../../core/schemas/evidence.ts';

/** The body that a read of an operator endpoint brought; empty when it was no object. */
export function bodyOf(evidence: readonly Evidence[]): Readonly<Record<string, unknown>> {
  const data = evidence[0]?.data;
  const body = typeof data === 'object' && data !== null && 'body' in data ? data['body'] : null;
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {};
}

/** Tells whether the target shows every one of these fields with these values; no fields show nothing. */
export function shows(
  evidence: readonly Evidence[],
  fields: Readonly<Record<string, unknown>>,
): boolean {
  const body = bodyOf(evidence);
  const entries = Object.entries(fields);
  return entries.length > 0 && entries.every(([field, value]) => body[field] === value);
}
