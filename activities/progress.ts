import type { ProgressDraft } from '../core/schemas/progress.ts';
import type { StepPlace } from './step.ts';

/** Gives the pipeline's name for the moment a step stands for: one of the six stages. */
export function stageOf(place: Pick<StepPlace, 'phase' | 'oodaPhase'>): ProgressDraft['stage'] {
  switch (place.phase) {
    case 'scope':
      return place.oodaPhase === 'observe' ? 'resolve-integrations' : 'extract-alert';
    case 'plan':
      return 'plan-actions';
    case 'fan-out':
      return 'gather-evidence';
    case 'synthesise':
    case 'verify':
      return 'diagnose';
    case 'remediate':
    case 'report':
      return 'deliver';
  }
}

const spans: Readonly<Record<StepPlace['phase'], readonly [number, number]>> = {
  scope: [0, 8],
  plan: [8, 12],
  'fan-out': [12, 70],
  synthesise: [70, 85],
  verify: [85, 90],
  remediate: [90, 94],
  report: [94, 99],
};
const oodaShare = { observe: 0.2, orient: 0.5, decide: 0.8, act: 1 } as const;

/**
 * Estimates how far the investigation is, in whole percent: each phase has its share, rounds fill a share by halves (a second round may not
 * come), and only `finished` says 100. The store keeps the figure from falling.
 */
export function percentOf(
  place: Pick<StepPlace, 'phase' | 'oodaPhase' | 'round'>,
  type: ProgressDraft['type'],
): number {
  if (type === 'finished' || type === 'action') return 100;
  const [from, to] = spans[place.phase];
  if (place.oodaPhase === null) return type === 'ended' ? to : from;
  const before = 1 - 0.5 ** Math.max(0, place.round - 1);
  const inRound = oodaShare[place.oodaPhase] * 0.5 ** Math.max(1, place.round);
  return Math.round(from + (to - from) * (before + inRound));
}
