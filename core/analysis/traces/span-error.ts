import type { Span } from '../../ports/telemetry.ts';

const statusKeys = ['http.response.status_code', 'http.status_code'];
const reasonKeys = [
  'status.message',
  'otel.status_description',
  'exception.message',
  'error.message',
  'db.response.status_code',
  'error.type',
];
const timeoutWords = ['timeout', 'timed out', 'time-out', 'deadline', 'etimedout', 'cancelled'];

/** Tells whether a span failed: by its status or, where a tracer sets none, by an HTTP status of 500 or more. */
export function isErrorSpan(span: Span): boolean {
  return span.status === 'error' || (span.status === 'unset' && httpStatusOf(span) >= 500);
}

/** The HTTP status of a span; NaN when it has none. */
export function httpStatusOf(span: Span): number {
  for (const key of statusKeys) {
    const value = span.attributes[key];
    if (value !== undefined && value.length <= 3) return Number(value);
  }
  return Number.NaN;
}

/** Words for why a span failed, from the most telling attribute that it has; null when it says nothing. */
export function errorReasonOf(span: Span): string | null {
  for (const key of reasonKeys) {
    const value = span.attributes[key];
    if (value !== undefined && value !== '') return value;
  }
  const status = httpStatusOf(span);
  return Number.isNaN(status) ? null : `HTTP ${status}`;
}

/** Tells whether a failed call was given up by the caller, as far as its attributes say: it speaks of time and carries no answer. */
export function isGivenUp(span: Span): boolean {
  if (!Number.isNaN(httpStatusOf(span))) return false;
  return reasonKeys.some((key) => {
    const value = span.attributes[key]?.slice(0, 500).toLowerCase();
    return value !== undefined && timeoutWords.some((word) => value.includes(word));
  });
}
