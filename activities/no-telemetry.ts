import type { Read, Telemetry } from '../core/ports/telemetry.ts';

const nothing: Read<never> = { rows: [], query: '', source: 'none', truncated: null };

/** For calls that are about a service's `/ops/*` and look at no telemetry. */
export const noTelemetry: Telemetry = {
  window: { startAt: 0, endAt: 0 },
  baselines: [],
  candidates: null,
  knownOnsetAt: null,
  coverage: () => Promise.resolve([]),
  metrics: () => Promise.resolve(nothing),
  logs: () => Promise.resolve(nothing),
  logAttributes: () => Promise.resolve(new Map()),
  spans: () => Promise.resolve(nothing),
  changes: () => Promise.resolve(nothing),
  records: () => Promise.resolve(nothing),
};
