import { leastConfidence } from '../../agents/root-cause/judge.ts';
import type { Statement } from '../../core/score/calibration.ts';
import { leaveOneFaultOut } from './fit-confidence.ts';
import type { Weighed } from './fit-confidence.ts';
import { isHealthy } from './graded-set.ts';
import type { GradedSet } from './graded-set.ts';

/** The sets counted together and the healthy times, as they are. */
export function countedSets(graded: readonly GradedSet[]): readonly GradedSet[] {
  return graded.filter(
    ({ set, variant }) => variant === 'detected' && (set.isPooled || isHealthy(set)),
  );
}

/** Every stated cause with the confidence that the product stated. */
export function statedCauses(graded: readonly GradedSet[]): readonly Statement[] {
  return countedSets(graded).flatMap(({ grades }) =>
    grades.flatMap(({ cause, isRight }) => {
      const confidence = cause?.confidence ?? null;
      return confidence === null ? [] : [{ confidence, isRight }];
    }),
  );
}

/** Every charge whose confidence decided whether it was stated. */
export function weighedCharges(graded: readonly GradedSet[]): readonly Weighed[] {
  return countedSets(graded).flatMap(({ set, grades }) =>
    grades.flatMap(({ traits, fault, first, isRight, hits }) =>
      traits === null
        ? []
        : [
            {
              ...{ traits, fault: `${set.name} ${fault}` },
              isRight: hits === null ? isRight : first > 0.5,
            },
          ],
    ),
  );
}

/** The causes that would be stated were the weights of the confidence fitted without the kind of fault at hand. */
export function statedWithout(weighed: readonly Weighed[]): readonly Statement[] {
  return leaveOneFaultOut(weighed).filter(({ confidence }) => confidence >= leastConfidence);
}
