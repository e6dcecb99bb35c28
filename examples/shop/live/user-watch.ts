import { usualLimitsMs } from '../recorder/alert.ts';
import type { UserRequest } from '../recorder/trace-lines.ts';

/** Watches what users of the gateway feel. */
export interface UserWatch {
  readonly note: (request: UserRequest) => void;
  /** Takes what was noted so far as usual, but for the first quarter, in which processes warm up. */
  readonly learn: () => void;
  /** The share of the requests answered in the last 20 s that failed or took longer than usual; 0 before it has learned or with too few. */
  readonly share: (nowMs: number) => number;
}

/** From this share on the watch raises an alert. */
export const alertShare = 0.15;

const spanMs = 20_000;
const keptMs = 300_000;
const leastRequests = 20;
/** What a person does not notice is never slow. */
const leastLimitMs = 250;

/** Watches requests as they are answered: first to learn what is usual for each route, then for a share that is not. */
export function createUserWatch(): UserWatch {
  let requests: UserRequest[] = [];
  let limits: ReadonlyMap<string, number> | null = null;
  const endOf = ({ startMs, durationMs }: UserRequest): number => startMs + durationMs;
  const isBad = ({ route, durationMs, hasFailed }: UserRequest): boolean =>
    hasFailed || durationMs > Math.max(leastLimitMs, limits?.get(route) ?? Infinity);
  return {
    note: (request) => {
      requests.push(request);
      if (requests.length % 1_000 === 0) {
        requests = requests.filter((one) => endOf(one) > endOf(request) - keptMs);
      }
    },
    learn: () => {
      const warm = requests.slice(Math.floor(requests.length / 4));
      limits = usualLimitsMs(warm, Infinity);
    },
    share: (nowMs) => {
      const recent = requests.filter((one) => endOf(one) > nowMs - spanMs);
      if (limits === null || recent.length < leastRequests) return 0;
      return recent.filter(isBad).length / recent.length;
    },
  };
}
