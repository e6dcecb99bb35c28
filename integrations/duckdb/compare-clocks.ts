import type { Window } from '../../core/schemas/primitives.ts';

/** From when to when the rows of one telemetry kind reach. */
export interface KindSpan {
  readonly kind: string;
  readonly firstAt: number;
  readonly lastAt: number;
}

const minuteMs = 60_000;
const smallestShiftMs = 5 * minuteMs;
const zoneStepMs = 15 * minuteMs;
const zoneSlackMs = 2 * minuteMs;

function overlapMs(one: Omit<KindSpan, 'kind'>, other: Omit<KindSpan, 'kind'>): number {
  return Math.min(one.lastAt, other.lastAt) - Math.max(one.firstAt, other.firstAt);
}

function lengthMs({ firstAt, lastAt }: KindSpan): number {
  return lastAt - firstAt;
}

/** How far `span` is moved against `trusted` when both ends are moved alike; null when they are not. */
function shiftOf(span: KindSpan, trusted: KindSpan): number | null {
  const first = span.firstAt - trusted.firstAt;
  const last = span.lastAt - trusted.lastAt;
  const slackMs = Math.max(2 * minuteMs, 0.2 * Math.max(lengthMs(span), lengthMs(trusted)));
  return Math.abs(first - last) <= slackMs ? (first + last) / 2 : null;
}

function isLikeTimeZone(shiftMs: number): boolean {
  const rest = Math.abs(shiftMs) % zoneStepMs;
  return Math.min(rest, zoneStepMs - rest) <= zoneSlackMs;
}

function say(span: KindSpan, trusted: KindSpan): string | null {
  const shiftMs = shiftOf(span, trusted);
  const isApart = overlapMs(span, trusted) < 0;
  if (
    shiftMs !== null &&
    Math.abs(shiftMs) >= smallestShiftMs &&
    (isApart || isLikeTimeZone(shiftMs))
  ) {
    const minutes = Math.round(Math.abs(shiftMs) / minuteMs);
    return `${span.kind} are about ${minutes} min ${shiftMs > 0 ? 'ahead of' : 'behind'} ${trusted.kind}; a clock or time zone may be off`;
  }
  return isApart ? `${span.kind} and ${trusted.kind} do not overlap in time` : null;
}

/**
 * Looks for kinds whose clock seems off against the others: they do not overlap in time, or both ends are moved by the same multiple of a quarter
 * of an hour. The kind that lies best inside `window` is trusted (the first of `spans` on a tie). Returns a sentence a kind. Kinds of few,
 * scattered rows, such as changes, have no place here.
 */
export function compareClocks(
  spans: readonly KindSpan[],
  window: Window,
): ReadonlyMap<string, string> {
  const inside = { firstAt: window.startAt, lastAt: window.endAt };
  const fit = (span: KindSpan): number =>
    (overlapMs(span, inside) + 1) / (Math.max(lengthMs(span), 0) + 1);
  const trusted = spans.toSorted((one, other) => fit(other) - fit(one))[0];
  const said = new Map<string, string>();
  if (trusted === undefined) return said;
  for (const span of spans) {
    const sentence = span === trusted ? null : say(span, trusted);
    if (sentence !== null) said.set(span.kind, sentence);
  }
  return said;
}
