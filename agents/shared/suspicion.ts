import { compareTexts } from '../../core/compare-texts.ts';
import type { FaultKind } from '../../core/schemas/fault-kind.ts';
import type { Hypothesis } from '../../core/schemas/finding.ts';
import type { Entity, Onset } from '../../core/schemas/primitives.ts';
import type { Role } from '../../core/schemas/roles.ts';
import { clip } from './clip.ts';
import { entityKey } from './entity-key.ts';
import { idsOf } from './wording.ts';

interface Cited {
  readonly evidenceIds: readonly string[];
}

/** A hypothesis in the making: with the facts themselves instead of their ids. */
export interface Suspicion {
  readonly entity: Entity;
  readonly faultKind: FaultKind;
  readonly mechanism: string;
  readonly state: Hypothesis['state'];
  readonly score: number;
  readonly onset?: Onset | undefined;
  readonly changeId?: string | null;
  readonly speaksFor: readonly Cited[];
  readonly speaksAgainst?: readonly Cited[];
  readonly because?: string;
}

const maxHypotheses = 8;

/** Turns suspicions into hypotheses: refuted ones last, else strongest first; ties break by name. */
export function toHypotheses(role: Role, suspicions: readonly Suspicion[]): Hypothesis[] {
  return suspicions
    .map((one) => toHypothesis(role, one))
    .sort(
      (one, other) =>
        Number(one.state === 'refuted') - Number(other.state === 'refuted') ||
        other.score - one.score ||
        compareTexts(one.id, other.id),
    )
    .slice(0, maxHypotheses);
}

function toHypothesis(role: Role, suspicion: Suspicion): Hypothesis {
  const { entity, faultKind, state, onset, changeId = null } = suspicion;
  const parts = [role, entityKey(entity), faultKind, ...(changeId === null ? [] : [changeId])];
  return {
    id: clip(parts.join(' '), 120),
    entity,
    faultKind,
    state,
    mechanism: clip(suspicion.mechanism, 400),
    score: suspicion.score,
    ...(onset === undefined ? {} : { onset }),
    changeId,
    evidenceFor: idsOf(suspicion.speaksFor),
    evidenceAgainst: idsOf(suspicion.speaksAgainst ?? []),
    because: clip(suspicion.because ?? '', 400),
  };
}
