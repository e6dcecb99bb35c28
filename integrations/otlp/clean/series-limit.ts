/** Keeps one careless label from filling the store: tells whether a series may be kept. */
export interface SeriesLimit {
  /** Whether a service of this name may be kept. */
  admitService(service: string): boolean;
  /** Whether a series of this metric may be kept; `identity` is everything that tells it from others. */
  admitSeries(metric: string, identity: string): boolean;
}

export interface SeriesBounds {
  readonly services: number;
  readonly seriesPerMetric: number;
  readonly series: number;
  /** After so long all are forgotten: what came up yesterday does not count for ever. */
  readonly forgetMs: number;
}

export const standardBounds: SeriesBounds = {
  services: 1_000,
  seriesPerMetric: 10_000,
  series: 200_000,
  forgetMs: 3_600_000,
};

/** Series are remembered by a hash of 53 bits: of two that meet in one, once in 10^5 full memories, one passes uncounted. */
export function createSeriesLimit(bounds: SeriesBounds, now: () => number): SeriesLimit {
  let services = new Set<string>();
  let byMetric = new Map<string, Set<number>>();
  let series = 0;
  let beganAt = now();
  const forgetOld = (): void => {
    if (now() - beganAt < bounds.forgetMs) return;
    services = new Set();
    byMetric = new Map();
    series = 0;
    beganAt = now();
  };
  return {
    admitService: (service) => {
      forgetOld();
      if (services.has(service)) return true;
      if (services.size >= bounds.services) return false;
      services.add(service);
      return true;
    },
    admitSeries: (metric, identity) => {
      forgetOld();
      const known = byMetric.get(metric);
      const hash = hashOf(identity);
      if (known?.has(hash) === true) return true;
      if (series >= bounds.series || (known?.size ?? 0) >= bounds.seriesPerMetric) return false;
      series += 1;
      if (known === undefined) byMetric.set(metric, new Set([hash]));
      else known.add(hash);
      return true;
    },
  };
}

/** Source: cyrb53, public domain. */
function hashOf(text: string): number {
  let one = 0xdeadbeef;
  let other = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    one = Math.imul(one ^ code, 2_654_435_761);
    other = Math.imul(other ^ code, 1_597_334_677);
  }
  one =
    Math.imul(one ^ (one >>> 16), 2_246_822_507) ^ Math.imul(other ^ (other >>> 13), 3_266_489_909);
  other =
    Math.imul(other ^ (other >>> 16), 2_246_822_507) ^ Math.imul(one ^ (one >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & other) + (one >>> 0);
}
