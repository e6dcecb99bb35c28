import type { SpanAttributes } from '../ports/tracing.ts';

/** Leaves out what is not known of a span. */
export function knownAttributes(
  attributes: Readonly<Record<string, SpanAttributes[string] | undefined>>,
): SpanAttributes {
  const entries = Object.entries(attributes);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as SpanAttributes;
}
