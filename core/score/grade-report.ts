import type { GradableReport } from '../schemas/gradable-report.ts';
import type { Entity } from '../schemas/primitives.ts';
import type { Truth } from '../schemas/truth.ts';
import { distinct, rankHits } from './rank-hits.ts';

/** What is known of a case besides its truth; null where nobody knows. */
export interface CaseFacts {
  /** How many entities may be named as the cause. */
  readonly candidates: number | null;
  /** The kinds of telemetry that the case holds. */
  readonly telemetry: readonly string[] | null;
}

/** One report held against what really happened. */
export interface Grade {
  readonly case: string;
  readonly truth: Truth;
  readonly investigationId: string;
  readonly verdict: GradableReport['verdict'];
  /** What the report says did it; null unless its verdict is `cause-found`. */
  readonly cause: GradableReport['causes'][number] | null;
  /** The verdict is right, and so is each part of the first cause that the truth names. */
  readonly isRight: boolean;
  /** What is wrong, in words; empty when nothing is. */
  readonly wrong: string;
  /** False also where no cause was stated; null where nothing had to be named. */
  readonly isEntityRight: boolean | null;
  /** Null unless the entity is right and the truth names a fault kind, or a change. */
  readonly isFaultRight: boolean | null;
  readonly isChangeRight: boolean | null;
  /** Chances of a right entity among the first 1 to 5 of the ranking; null where nothing had to be named. */
  readonly hits: readonly number[] | null;
  readonly place: number | null;
  /** How many entities could be named: those of the case, else those ranked; null when both are unknown. */
  readonly candidates: number | null;
  /** How far outside the stated onset the true one is, and how wide the stated one is; null where either is missing. */
  readonly onset: { readonly errorSeconds: number; readonly widthSeconds: number } | null;
  readonly seconds: number | null;
  readonly peakMemoryBytes: number | null;
}

/** Tells whether an entity is what really did it. */
export function isTrueEntity({ entityKind, entityNames }: Truth, { kind, name }: Entity): boolean {
  return (entityKind === null || kind === entityKind) && entityNames.includes(name);
}

/** Grades one report. */
export function gradeReport(report: GradableReport, truth: Truth, facts: CaseFacts): Grade {
  const isSick = truth.verdict === 'cause-found';
  const cause = report.verdict === 'cause-found' ? (report.causes[0] ?? null) : null;
  const isEntityRight = isSick ? cause !== null && isTrueEntity(truth, cause.entity) : null;
  const ranked = isSick
    ? rankHits(report.ranking, (entity) => isTrueEntity(truth, entity))
    : { hits: null, place: null };
  const wrong = wrongness(report, truth);
  const { wallMs, peakMemoryBytes } = report.cost;
  return {
    case: truth.case,
    truth,
    investigationId: report.investigationId,
    verdict: report.verdict,
    cause,
    isRight: wrong === '',
    wrong,
    isEntityRight,
    isFaultRight: agrees(isEntityRight, truth.faultKind, cause?.faultKind),
    isChangeRight: agrees(isEntityRight, truth.changeId, cause?.changeId),
    ...ranked,
    candidates: facts.candidates ?? (distinct(report.ranking).length || null),
    onset: onsetOf(report, truth),
    seconds: wallMs === undefined ? null : wallMs / 1_000,
    peakMemoryBytes: peakMemoryBytes ?? null,
  };
}

/** Says what is wrong with an answer; nothing when it is right. */
function wrongness(report: GradableReport, truth: Truth): string {
  if (report.verdict !== truth.verdict) return `the verdict should be ${truth.verdict}`;
  if (truth.verdict !== 'cause-found') return '';
  const [cause] = report.causes;
  if (cause === undefined || !isTrueEntity(truth, cause.entity)) {
    return `the cause should be ${nameTruth(truth)}`;
  }
  if (truth.faultKind !== null && cause.faultKind !== truth.faultKind) {
    return `the fault should be ${truth.faultKind}`;
  }
  if (truth.changeId !== null && cause.changeId !== truth.changeId) {
    return `the change should be ${truth.changeId}`;
  }
  return '';
}

/** Names what really did it, by the first of its names. */
export function nameTruth({ entityKind, entityNames }: Truth): string {
  const name = entityNames[0] ?? '';
  return entityKind === null ? name : `${entityKind} ${name}`;
}

function agrees(
  isEntityRight: boolean | null,
  wanted: string | null,
  said: string | null | undefined,
): boolean | null {
  return isEntityRight === true && wanted !== null ? said === wanted : null;
}

function onsetOf({ onset }: GradableReport, truth: Truth): Grade['onset'] {
  if (onset === null || truth.onset === null) return null;
  const at = secondsOf(truth.onset);
  const earliest = secondsOf(onset.earliest);
  const latest = secondsOf(onset.latest);
  return {
    errorSeconds: Math.max(0, earliest - at, at - latest),
    widthSeconds: latest - earliest,
  };
}

function secondsOf(instant: string): number {
  return Date.parse(instant) / 1_000;
}
