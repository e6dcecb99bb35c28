import { compareTexts } from '../../core/compare-texts.ts';
import { clearScore } from '../../core/analysis/shift.ts';
import type { Alert } from '../../core/schemas/alert.ts';
import type { Brief } from '../../core/schemas/brief.ts';
import type { Coverage, Observation } from '../../core/schemas/digest.ts';
import type { Entity, Onset, Window } from '../../core/schemas/primitives.ts';
import type { Observed } from '../../core/schemas/tool-call.ts';
import { clip } from '../shared/clip.ts';
import { unknownCoverageKind } from '../shared/coverage.ts';
import { isTrouble } from '../shared/facts.ts';

/** What scope has to go on: the request, and the answers to its two calls in any order; an answer that is missing counts as failed. */
export interface ScopeInput {
  readonly investigationId: string;
  readonly question: string | null;
  readonly alert: Alert;
  readonly window: Window;
  readonly observed: readonly Observed[];
  /** Services that the registry can reach. */
  readonly opsServices: readonly string[];
  /** The onset that the case itself knows, in epoch milliseconds; null when it does not. */
  readonly knownOnsetAt?: number | null;
  /** What may be named as the cause; null when anything may. */
  readonly candidates?: readonly Entity[] | null;
}

const noticedAfterMs = 30_000;
const unknownShare = 0.6;
const leastBaselineShare = 0.1;
const maxServices = 60;

/**
 * Turns the alert and the first look into the brief that everyone is given. It is symptomatic when what users suffer from shifted clearly; the suspected
 * interval is that of the clearest shift of what they feel or do. Otherwise the alert's own time is all there is to suspect.
 */
export function scopeBrief(input: ScopeInput): Brief {
  const { alert, window } = input;
  const felt = feltShifts(input.observed, alert.entity ?? null, window);
  const [clearest] = felt;
  const coverage = coverageOf(input.observed);
  return {
    investigationId: input.investigationId,
    question: input.question,
    alert,
    window,
    suspected: within(window, knownOnset(input) ?? clearest?.onset ?? alertTime(alert, window)),
    symptomatic: felt.some(hurts),
    entity: alert.entity ?? clearest?.entity ?? null,
    services: servicesOf(coverage),
    coverage,
    opsServices: [...input.opsServices].slice(0, 50),
    ...(input.candidates && { candidates: [...input.candidates] }),
  };
}

type Felt = Observation & { readonly onset: Onset };

/** Clear shifts of what users feel: those of the alerting entity first, errors and slowness before traffic, then the clearest. */
function feltShifts(observed: readonly Observed[], entity: Entity | null, window: Window): Felt[] {
  return observed
    .flatMap((one) => (one.ok && one.tool === 'find-onset' ? one.digest.observations : []))
    .flatMap((one): Felt[] => {
      const { onset } = one;
      return onset !== undefined &&
        isTrouble(one) &&
        one.score >= clearScore &&
        hasBaseline(onset, window)
        ? [{ ...one, onset }]
        : [];
    })
    .sort(
      (one, other) =>
        Number(isAbout(other, entity)) - Number(isAbout(one, entity)) ||
        Number(one.aspect === 'traffic') - Number(other.aspect === 'traffic') ||
        other.score - one.score ||
        compareTexts(JSON.stringify(one), JSON.stringify(other)),
    );
}

/** Whether a shift is one that somebody suffers from: more requests alone are not, while fewer may be users that cannot get in. */
function hurts({ aspect, direction }: Felt): boolean {
  return aspect !== 'traffic' || direction === 'down';
}

/** A shift needs a usual to be a shift from: what begins with the window, or nearly, cannot be told from how it has always been. */
function hasBaseline(onset: Onset, window: Window): boolean {
  return onset.latestAt - window.startAt >= leastBaselineShare * (window.endAt - window.startAt);
}

function isAbout(felt: Felt, entity: Entity | null): boolean {
  return entity !== null && felt.entity.kind === entity.kind && felt.entity.name === entity.name;
}

function knownOnset({ knownOnsetAt }: ScopeInput): Onset | null {
  return knownOnsetAt === undefined || knownOnsetAt === null
    ? null
    : { earliestAt: knownOnsetAt, latestAt: knownOnsetAt };
}

/** The time of the alert itself: it notices late, so what it noticed began somewhat before. */
function alertTime(alert: Alert, window: Window): Onset {
  const noticedAt = alert.startedAt === undefined ? Number.NaN : Date.parse(alert.startedAt);
  if (Number.isFinite(noticedAt)) {
    return { earliestAt: noticedAt - noticedAfterMs, latestAt: noticedAt };
  }
  const middle = window.startAt + (window.endAt - window.startAt) * unknownShare;
  return { earliestAt: middle, latestAt: middle };
}

function within(window: Window, onset: Onset): Onset {
  const clamp = (at: number): number => Math.min(window.endAt, Math.max(window.startAt, at));
  return { earliestAt: clamp(onset.earliestAt), latestAt: clamp(onset.latestAt) };
}

/** What check-coverage said; one entry of its own when it could not say anything. */
function coverageOf(observed: readonly Observed[]): Coverage[] {
  const answer = observed.find(({ tool }) => tool === 'check-coverage');
  if (answer?.ok === true) return answer.digest.coverage.slice(0, 10);
  const reason = answer === undefined ? 'check-coverage gave no answer' : answer.message;
  return [{ kind: unknownCoverageKind, rows: 0, services: [], problem: clip(reason, 200) }];
}

function servicesOf(coverage: readonly Coverage[]): string[] {
  return [...new Set(coverage.flatMap(({ services }) => services))]
    .sort(compareTexts)
    .slice(0, maxServices);
}
