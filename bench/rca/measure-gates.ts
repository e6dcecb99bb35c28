import { calibrate } from '../../core/score/calibration.ts';
import type { Statement } from '../../core/score/calibration.ts';
import { shareOf, summarise } from '../../core/score/summarise.ts';
import type { gates } from '../gates.ts';
import type { Measured } from '../judge-gates.ts';
import { countedSets, statedCauses, statedWithout, weighedCharges } from './calibration-of.ts';
import type { BenchGrade } from './grade-answer.ts';
import { isHealthy } from './graded-set.ts';
import type { GradedSet } from './graded-set.ts';
import { benchSets } from './sets.ts';

const pooledNames = benchSets.filter(({ isPooled }) => isPooled).map(({ name }) => name);
const healthyNames = benchSets.filter(isHealthy).map(({ name }) => name);

type ValueOf = (grades: readonly BenchGrade[], sets: readonly GradedSet[]) => number | null;

/** What the gates ask for, of the sets as they are; null where one of the sets has no answers. `version` is that of the code as it is. */
export function measureGates(
  graded: readonly GradedSet[],
  version: string,
): Readonly<Record<keyof (typeof gates)['rca'], Measured>> {
  const of = (names: readonly string[], valueOf: ValueOf): Measured => {
    const sets = graded.filter(
      ({ set, variant }) => variant === 'detected' && names.includes(set.name),
    );
    if (sets.length < names.length) return { value: null, isCurrent: false };
    const isCurrent = sets.every(({ answered }) => answered.version === version);
    const grades = sets.flatMap((one) => one.grades);
    return { value: valueOf(grades, sets), isCurrent };
  };
  const accuracy = (name: string, place = 0): Measured =>
    of([name], (grades) => summarise(grades).accuracyAt[place]?.ratio ?? null);
  const counted = (valueOf: (sets: readonly GradedSet[]) => number | null): Measured =>
    of([...pooledNames, ...healthyNames], (_grades, sets) => valueOf(countedSets(sets)));
  const stated = (valueOf: typeof errorOf): Measured =>
    counted((sets) => valueOf(statedCauses(sets)));
  const fitted = (valueOf: typeof errorOf): Measured =>
    counted((sets) => valueOf(statedWithout(weighedCharges(sets))));
  return {
    nezhaOb: accuracy('nezha-ob'),
    nezhaTt: accuracy('nezha-tt'),
    petshopFirst: accuracy('petshop'),
    petshopThree: accuracy('petshop', 1),
    tvdiagGaia: accuracy('tvdiag-gaia'),
    tvdiagSockshop: accuracy('tvdiag-sockshop'),
    tvdiagHotel: accuracy('tvdiag-hotel'),
    rootCauseBench: of(['rootcausebench'], rightOf),
    decoys: of(['rootcausebench'], (grades) => grades.filter((one) => one.isDecoy).length),
    opensre: of(['opensre'], rightOf),
    controls: of(['opensre', 'healthy-opensre'], blamedOf),
    pooled: of(pooledNames, (grades) => shareOf(grades.map(({ first }) => first)).low),
    strict: of(pooledNames, (grades) => shareOf(grades.map(({ isStrict }) => isStrict)).ratio),
    wrong: counted((sets) => summarise(sets.flatMap(({ grades }) => grades)).falseCause.ratio),
    blamed: of(healthyNames, (grades) => summarise(grades).healthyBlamed.ratio),
    statedError: stated(errorOf),
    statedBrier: stated(brierOf),
    fittedError: fitted(errorOf),
    fittedBrier: fitted(brierOf),
  };
}

function rightOf(grades: readonly BenchGrade[]): number {
  return grades.filter(({ isRight }) => isRight).length;
}

/** Where nothing is to be named, and something is. */
function blamedOf(grades: readonly BenchGrade[]): number {
  return grades.filter(({ hits, cause }) => hits === null && cause !== null).length;
}

function errorOf(statements: readonly Statement[]): number | null {
  return calibrate(statements)?.expectedError ?? null;
}

/** The Brier score over that of always saying the share that was right; null where all were right or none, and the mean is never wrong. */
function brierOf(statements: readonly Statement[]): number | null {
  const found = calibrate(statements);
  return found === null || found.brierOfMean === 0 ? null : found.brier / found.brierOfMean;
}
