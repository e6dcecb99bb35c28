import type { Span } from '../../ports/telemetry.ts';
import { median } from '../quantiles.ts';

/** Calls between two services that it takes to tell that their clocks differ. */
export const leastSkewCalls = 20;
export const leastSkewMs = 1_000;
/** Most pairs that are named, those that differ most. */
export const maxSkewsNamed = 2;
const maxNameLength = 40;

/** How far the clock of one service is from that of another that calls it; positive where the called one is ahead. */
export interface ClockSkew {
  readonly caller: string;
  readonly callee: string;
  readonly skewMs: number;
}

export function saySkew({ caller, callee, skewMs }: ClockSkew): string {
  const where = skewMs > 0 ? 'ahead of' : 'behind';
  const seconds = (Math.abs(skewMs) / 1_000).toFixed(1);
  const [called, calling] = [callee, caller].map((name) => name.slice(0, maxNameLength));
  return `the clock of ${called} is about ${seconds} s ${where} that of ${calling}`;
}

/**
 * Names services whose clocks differ by a second or more, as their calls show: what a service does for a caller lies inside what the caller waited, so where it
 * begins and ends early, or late, by as much, its clock is off. Calls that failed do not count: a caller that gave up did not wait. A sentence a pair, those
 * that differ most first.
 */
export function sayClockSkews(spans: readonly Span[]): readonly string[] {
  const callers = new Map(
    spans
      .filter(({ kind, status }) => kind === 'client' && status !== 'error')
      .map((span) => [`${span.traceId} ${span.spanId}`, span]),
  );
  const pairs = new Map<
    string,
    { caller: string; callee: string; began: number[]; ended: number[] }
  >();
  for (const inner of spans) {
    if (inner.kind !== 'server' || inner.status === 'error') continue;
    const outer = callers.get(`${inner.traceId} ${inner.parentSpanId}`);
    if (outer === undefined || outer.service === inner.service) continue;
    const key = JSON.stringify([outer.service, inner.service]);
    const pair = pairs.get(key) ?? {
      ...{ caller: outer.service, callee: inner.service },
      ...{ began: [], ended: [] },
    };
    pairs.set(key, pair);
    const began = inner.startAt - outer.startAt;
    pair.began.push(began);
    pair.ended.push(began + inner.durationMs - outer.durationMs);
  }
  return [...pairs.values()]
    .filter(({ began }) => began.length >= leastSkewCalls)
    .flatMap(({ caller, callee, ...calls }): ClockSkew[] => {
      const [began, ended] = [median(calls.began), median(calls.ended)];
      const isOff = Math.min(began, ended) >= leastSkewMs || Math.max(began, ended) <= -leastSkewMs;
      return isOff ? [{ caller, callee, skewMs: (began + ended) / 2 }] : [];
    })
    .toSorted((one, other) => Math.abs(other.skewMs) - Math.abs(one.skewMs))
    .slice(0, maxSkewsNamed)
    .map(saySkew);
}
