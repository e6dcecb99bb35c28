import { calibrate } from '../../core/score/calibration.ts';
import type { Calibration } from '../../core/score/calibration.ts';
import { nameTruth } from '../../core/score/grade-report.ts';
import { shareOf, summarise } from '../../core/score/summarise.ts';
import type { Share } from '../../core/score/summarise.ts';
import { logOdds } from '../../agents/root-cause/confidence.ts';
import type { LogOdds } from '../../agents/root-cause/confidence.ts';
import { before } from './before.ts';
import { countedSets, statedCauses, statedWithout, weighedCharges } from './calibration-of.ts';
import { explained } from './explained.ts';
import { fitLogOdds } from './fit-confidence.ts';
import type { Weighed } from './fit-confidence.ts';
import type { BenchGrade } from './grade-answer.ts';
import { isHealthy } from './graded-set.ts';
import type { GradedSet } from './graded-set.ts';
import type { Variant } from './sets.ts';

export const variantTitles: Readonly<Record<Variant, string>> = {
  detected: 'Holdfast',
  onset: 'Holdfast, onset given',
  metrics: 'Holdfast, metrics alone',
  'n-sigma': 'N-Sigma, onset given',
  baro: "BARO's scorer, onset given",
};

/** What the sets come to, as Markdown; those that were not run are absent. */
export function renderTables(graded: readonly GradedSet[]): string {
  const incidents = graded.filter(({ set }) => !isHealthy(set));
  const healthy = graded.filter(({ set }) => isHealthy(set));
  return [
    renderTable(incidentHead, incidents.flatMap(incidentRows)),
    renderPooled(graded),
    renderTable(beforeHead, incidents.flatMap(beforeRows)),
    renderTable(healthyHead, healthy.map(healthyRow)),
    renderCalibration(graded),
    renderTable(onsetHead, incidents.flatMap(onsetRows)),
    renderTable(faultHead, incidents.flatMap(faultRows)),
    renderTable(worstHead, worstRows(graded)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const incidentHead =
  'set,answered by,n,candidates,AC@1,AC@3,AC@5,Avg@5,strictly right,abstained,wrong of those stated,decoys blamed,seconds'.split(
    ',',
  );

/** A row of what was answered and, under that of Holdfast, one of what guessing among the candidates gives. */
function incidentRows({ set, variant, grades }: GradedSet): readonly (readonly string[])[] {
  const sum = summarise(grades);
  const isRanked = set.gradedBy !== 'category';
  const ranked = (values: readonly (number | null)[]): readonly string[] =>
    values.map((value) => (isRanked ? ratio(value) : '–'));
  const { candidates, abstained, falseCause, seconds } = sum;
  const head = [String(grades.length), candidates === null ? '' : plain(candidates.median)];
  const decoys = grades.filter(({ isDecoy }) => isDecoy).length;
  const isOurs = variant !== 'n-sigma' && variant !== 'baro';
  const own = [
    ...[set.title, variantTitles[variant], ...head],
    ...ranked(sum.accuracyAt.map((one) => one.ratio)),
    ...ranked([sum.averageAt5.ratio]),
    ratio(strictRatio(grades)),
    isOurs ? ratio(abstained.ratio) : '–',
    ratio(falseCause.ratio),
    set.gradedBy === 'change' ? String(decoys) : '–',
    seconds === null ? '–' : seconds.median.toFixed(1),
  ];
  if (variant !== 'detected' || !isRanked) return [own];
  const guess = [
    ...[set.title, 'guessing', ...head],
    ...sum.accuracyAt.map(({ byChance }) => ratio(byChance)),
    ratio(sum.averageAt5.byChance),
  ];
  return [own, [...guess, ...incidentHead.slice(guess.length).map(() => '–')]];
}

const beforeHead = [
  ...['before and after', 'AC@1 before', 'after', 'right before', 'after'],
  ...['wrong of those stated before', 'after'],
];

/** What the first analyst came to beside what this one does. */
function beforeRows({ set, variant, grades }: GradedSet): readonly (readonly string[])[] {
  const then = before[set.name];
  if (variant !== 'detected' || then === undefined) return [];
  const { accuracyAt, right, falseCause } = summarise(grades);
  const now = [
    set.gradedBy === 'category' ? null : (accuracyAt[0]?.ratio ?? null),
    right.ratio,
    falseCause.ratio,
  ];
  return [[set.title, ...now.flatMap((value, place) => [then[place] ?? null, value]).map(ratio)]];
}

/** All sets that are counted together, and what was wrong of all that was stated in them and in the healthy times. */
function renderPooled(graded: readonly GradedSet[]): string {
  const pooled = graded.filter(({ set, variant }) => set.isPooled && variant === 'detected');
  const grades = pooled.flatMap((one) => one.grades);
  if (grades.length === 0) return '';
  const first = shareOf(grades.map((one) => one.first));
  const strict = shareOf(grades.map(({ isStrict }) => isStrict));
  const controls = grades.filter(({ hits }) => hits === null).length;
  const counted = countedSets(graded).flatMap((one) => one.grades);
  const stated = counted.filter(({ cause }) => cause !== null);
  const wrong = stated.filter(({ isRight }) => !isRight);
  return [
    `All ${grades.length} together: first of the ranking right ${withInterval(first)}, strictly right ${withInterval(strict)}; in ${controls} of them there is no cause to state.`,
    `Of ${stated.length} causes stated there and in ${counted.length - grades.length} healthy times ${wrong.length} are wrong: ${withInterval(summarise(counted).falseCause)}.`,
  ].join('\n\n');
}

const healthyHead = ['healthy times of', 'answered by', 'n', 'blamed', 'blamed ratio', 'seconds'];

function healthyRow({ set, variant, grades }: GradedSet): readonly string[] {
  const { healthyBlamed, seconds } = summarise(grades);
  const blamed = grades.filter(({ cause }) => cause !== null).length;
  return [
    ...[set.title, variantTitles[variant], String(grades.length), String(blamed)],
    withInterval(healthyBlamed),
    seconds === null ? '–' : seconds.median.toFixed(1),
  ];
}

/** How far the confidence of stated causes can be taken at its word, in the sets counted together and the healthy times. */
function renderCalibration(graded: readonly GradedSet[]): string {
  const found = calibrate(statedCauses(graded));
  if (found === null) return '';
  const weighed = weighedCharges(graded);
  return [
    describeCalibration(`Confidence of ${found.n} stated causes, as the product stated it`, found),
    describeWithout(weighed),
    'The weights of the confidence, as the product has them and as they would be fitted to all of these; those that are not fitted are the same:',
    renderTable(weightHead, weightRows(weighed)),
  ].join('\n\n');
}

const weightHead = ['weight', 'in the product', 'fitted'];

function weightRows(weighed: readonly Weighed[]): readonly (readonly string[])[] {
  const fit = fitLogOdds(weighed);
  return (Object.keys(logOdds) as (keyof LogOdds)[]).map((name) => [
    ...[name, logOdds[name].toFixed(2), fit[name].toFixed(2)],
  ]);
}

/** What would be stated, and how well, were the weights of the confidence fitted without the kind of fault at hand. */
function describeWithout(weighed: readonly Weighed[]): string {
  const stated = statedWithout(weighed);
  const found = calibrate(stated);
  if (found === null) return '';
  const wrong = shareOf(stated.map(({ isRight }) => !isRight));
  return describeCalibration(
    `With weights fitted anew without each kind of fault of each set in turn: ${found.n} causes stated, wrong of those ${withInterval(wrong)}`,
    found,
  );
}

function describeCalibration(what: string, found: Calibration): string {
  return `${what}: expected calibration error ${ratio(found.expectedError)}, Brier score ${ratio(found.brier)} (${ratio(found.brierOfMean)} for always saying the share that was right).`;
}

const onsetHead = [
  ...['onset found in', 'n', 'the true one lies inside', 'median error, s', 'largest error, s'],
  ...['median width, s', 'as wide as the window, left out'],
];

/** How well the onset was found where one was said and the set knows it. One that is as wide as what was investigated cannot miss, and counts nowhere. */
function onsetRows({ set, variant, grades }: GradedSet): readonly (readonly string[])[] {
  if (variant !== 'detected') return [];
  const dated = grades.filter(({ onset }) => onset !== null);
  if (dated.length === 0) return [];
  const kept = dated.filter(({ isOnsetAnywhere }) => !isOnsetAnywhere);
  const { inside, errorSeconds, widthSeconds } = summarise(kept).onset;
  return [
    [
      ...[set.title, String(kept.length), ratio(inside.ratio)],
      ...[errorSeconds?.median, errorSeconds?.most, widthSeconds?.median].map((value) =>
        value === undefined ? '–' : plain(value),
      ),
      String(dated.length - kept.length),
    ],
  ];
}

const faultHead = ['set', 'fault', 'n', 'AC@1', 'AC@3', 'strictly right', 'abstained'];

/** The answers of Holdfast by what was done to the system. */
function faultRows({ set, variant, grades }: GradedSet): readonly (readonly string[])[] {
  if (variant !== 'detected') return [];
  const faults = [...new Set(grades.map(({ fault }) => fault))].toSorted();
  return faults.map((fault) => {
    const own = grades.filter((grade) => grade.fault === fault);
    const { accuracyAt, abstained, withCause } = summarise(own);
    const isRanked = set.gradedBy !== 'category';
    return [
      ...[set.title, fault, String(own.length)],
      ...[0, 1].map((index) => (isRanked ? ratio(accuracyAt[index]?.ratio ?? null) : '–')),
      ...[withCause === 0 ? '–' : ratio(strictRatio(own)), ratio(abstained.ratio)],
    ];
  });
}

function withInterval(share: Share): string {
  return share.n === 0 ? '–' : `${ratio(share.ratio)} [${ratio(share.low)}, ${ratio(share.high)}]`;
}

function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

const strictRatio = (grades: readonly BenchGrade[]): number | null =>
  shareOf(grades.map(({ isStrict }) => isStrict)).ratio;
const inCell = (text: string): string => text.replaceAll('|', '\\|');
const ratio = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
const plain = (value: number): string => String(Math.round(value));

const mostWorst = 5;
const worstHead = [
  'wrong and surest',
  'its set calls it',
  'confidence',
  'said',
  'the cause',
  'why',
];

/** The stated causes that were wrong, the surest first. */
function worstRows(graded: readonly GradedSet[]): readonly (readonly string[])[] {
  return countedSets(graded)
    .flatMap(({ grades }) => grades)
    .filter(({ cause, isRight }) => cause !== null && !isRight)
    .toSorted((one, other) => (other.cause?.confidence ?? 0) - (one.cause?.confidence ?? 0))
    .slice(0, mostWorst)
    .map((grade) => [
      ...[grade.case, grade.origin, ratio(grade.cause?.confidence ?? null)],
      ...[grade.said, nameTruth(grade.truth) || 'none', explained[grade.case] ?? ''].map(inCell),
    ]);
}
