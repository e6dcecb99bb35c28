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
  const overlap = overlapMs(span, trusted);
  const isShifted = shiftMs !== null && Math.abs(shiftMs) >= smallestShiftMs;
  if (isShifted && (overlap < 0 || isLikeTimeZone(shiftMs))) {
    const minutes = Math.round(Math.abs(shiftMs) / minuteMs);
    const where = shiftMs > 0 ? 'ahead of' : 'behind';
    return `${span.kind} are about ${minutes} min ${where} ${trusted.kind}; a clock or time zone may be off`;
  }
  if (overlap > -smallestShiftMs) return null;
  return `${span.kind} and ${trusted.kind} do not overlap in time`;
}

/**
 * Looks for kinds whose clock seems off against the others: both ends are moved alike, by a multiple of a quarter of an hour or so far that nothing
 * overlaps; or they just do not overlap, by 5 minutes or more. Of two kinds the one that lies better inside `window` is trusted (the earlier of
 * `spans` on a tie). Returns a sentence a kind. Kinds of few, scattered rows, such as changes, have no place here.
 */
export function compareClocks(
  spans: readonly KindSpan[],
  window: Window,
): ReadonlyMap<string, string> {
  const inside = { firstAt: window.startAt, lastAt: window.endAt };
  const fit = (span: KindSpan): number =>
    (overlapMs(span, inside) + 1) / (Math.max(lengthMs(span), 0) + 1);
  const ranked = spans.toSorted((one, other) => fit(other) - fit(one));
  const said = new Map<string, string>();
  for (const [rank, span] of ranked.entries()) {
    const [sentence] = ranked.slice(0, rank).flatMap((trusted) => say(span, trusted) ?? []);
    if (sentence !== undefined) said.set(span.kind, sentence);
  }
  return said;
}
