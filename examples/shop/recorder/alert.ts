import type { UserRequest, Window } from './trace-lines.ts';

/** What the gateway's users felt, in the one form every recording has. */
export interface UserAlert {
  readonly title: string;
  readonly description: string;
  readonly severity: 'error';
  readonly entity: { readonly kind: 'service'; readonly name: 'gateway' };
  readonly startedAt: string;
}

const spanMs = 30_000;
const stepMs = 5_000;
const usualQuantile = 0.97;

interface Reading {
  readonly endMs: number;
  readonly share: number;
}

function quantileOf(values: readonly number[], quantile: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return (
    sorted[Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] ??
    Number.POSITIVE_INFINITY
  );
}

/** The duration a request of each route stays below 97 times in a hundred, over the first third of the window. */
export function usualLimitsMs(
  requests: readonly UserRequest[],
  untilMs: number,
): ReadonlyMap<string, number> {
  const durations = new Map<string, number[]>();
  for (const request of requests) {
    if (request.startMs >= untilMs) continue;
    const known = durations.get(request.route) ?? [];
    known.push(request.durationMs);
    durations.set(request.route, known);
  }
  return new Map(
    [...durations].map(([route, values]) => [route, quantileOf(values, usualQuantile) * 1.5]),
  );
}

function readShares(requests: readonly UserRequest[], window: Window): readonly Reading[] {
  const learnUntilMs = window.startMs + (window.endMs - window.startMs) / 3;
  const limits = usualLimitsMs(requests, learnUntilMs);
  const lengthMs = Math.min(spanMs, (window.endMs - window.startMs) / 4);
  const readings: Reading[] = [];
  for (let endMs = window.startMs + lengthMs; endMs <= window.endMs; endMs += stepMs) {
    const recent = requests.filter(({ startMs }) => startMs >= endMs - lengthMs && startMs < endMs);
    const bad = recent.filter(
      ({ route, durationMs, hasFailed }) =>
        hasFailed || durationMs > (limits.get(route) ?? Number.POSITIVE_INFINITY),
    );
    readings.push({ endMs, share: recent.length === 0 ? 0 : bad.length / recent.length });
  }
  return readings;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/**
 * Words what the gateway's users felt: the worst share of requests, over 30 s, that failed or took longer than usual,
 * against the usual share, the median over the first half. It is noticed when the share first gets half-way from usual
 * to worst. The same rule gives a small fluctuation on a quiet recording.
 */
export function describeUserPain(requests: readonly UserRequest[], window: Window): UserAlert {
  const readings = readShares(requests, window);
  const usual = quantileOf(
    readings.slice(0, Math.ceil(readings.length / 2)).map(({ share }) => share),
    0.5,
  );
  const fallback: Reading = { endMs: window.endMs, share: 0 };
  const later = readings.slice(Math.floor(readings.length / 3));
  const worst = later.reduce(
    (most, reading) => (reading.share > most.share ? reading : most),
    later[0] ?? fallback,
  );
  const noticed = later.find(({ share }) => share >= usual + (worst.share - usual) / 2) ?? worst;
  return {
    title: 'Gateway: more failed or slow requests than usual',
    description: [
      `Users of the gateway: up to ${percent(worst.share)} of the requests of half a minute failed (5xx) or took`,
      `longer than usual; usually it is ${percent(usual)}.`,
    ].join(' '),
    severity: 'error',
    entity: { kind: 'service', name: 'gateway' },
    startedAt: new Date(Math.round(noticed.endMs)).toISOString(),
  };
}
