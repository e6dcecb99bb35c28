import { calibrate } from '../../core/score/calibration.ts';
import type { Calibration } from '../../core/score/calibration.ts';
import { nameTruth } from '../../core/score/grade-report.ts';
import { shareOf, summarise } from '../../core/score/summarise.ts';
import type { Share } from '../../core/score/summarise.ts';
import { leastConfidence } from '../../agents/root-cause/judge.ts';
import { fitLogOdds, leaveOneFaultOut } from './fit-confidence.ts';
import type { Weighed } from './fit-confidence.ts';
import { before } from './before.ts';
import { explained } from './explained.ts';
import type { BenchGrade } from './grade-answer.ts';
import type { BenchSet, Variant } from './sets.ts';

/** The grades of one set in one variant. */
export interface GradedSet {
  readonly set: Pick<BenchSet, 'name' | 'title' | 'gradedBy' | 'isPooled'>;
  readonly variant: Variant;
  readonly grades: readonly BenchGrade[];
}

const answeredBy: Readonly<Record<Variant, string>> = {
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
  const { candidates, right, abstained, falseCause, seconds } = sum;
  const head = [String(grades.length), candidates === null ? '' : plain(candidates.median)];
  const decoys = grades.filter(({ isDecoy }) => isDecoy).length;
  const isOurs = variant !== 'n-sigma' && variant !== 'baro';
  const own = [
    ...[set.title, answeredBy[variant], ...head],
    ...ranked(sum.accuracyAt.map((one) => one.ratio)),
    ...ranked([sum.averageAt5.ratio]),
    ratio(right.ratio),
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
  ...['before and after', 'AC@1 before', 'after', 'strictly right before', 'after'],
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

/** The first answer of all sets that are counted together, of those variants in which every one of them has cases. */
function renderPooled(graded: readonly GradedSet[]): string {
  const pooled = graded.filter(({ set, variant }) => set.isPooled && variant === 'detected');
  const grades = pooled.flatMap((one) => one.grades);
  if (grades.length === 0) return '';
  const first = shareOf(grades.map((one) => one.first));
  const right = shareOf(grades.map((one) => one.isRight));
  return `All ${grades.length} together: first of the ranking right ${withInterval(first)}, strictly right ${withInterval(right)}.`;
}

const healthyHead = ['healthy times of', 'answered by', 'n', 'blamed', 'blamed ratio', 'seconds'];

function healthyRow({ set, variant, grades }: GradedSet): readonly string[] {
  const { healthyBlamed, seconds } = summarise(grades);
  const blamed = grades.filter(({ cause }) => cause !== null).length;
  return [
    ...[set.title, answeredBy[variant], String(grades.length), String(blamed)],
    withInterval(healthyBlamed),
    seconds === null ? '–' : seconds.median.toFixed(1),
  ];
}

/** How far the confidence of stated causes can be taken at its word, in the sets counted together and the healthy times. */
function renderCalibration(graded: readonly GradedSet[]): string {
  const counted = graded.filter(
    ({ set, variant }) => variant === 'detected' && (set.isPooled || isHealthy(set)),
  );
  const statements = counted.flatMap(({ grades }) =>
    grades.flatMap(({ cause, isRight }) => {
      const confidence = cause?.confidence ?? null;
      return confidence === null ? [] : [{ confidence, isRight }];
    }),
  );
  const found = calibrate(statements);
  if (found === null) return '';
  const weighed = counted.flatMap(weighedOf);
  return [
    describeCalibration(`Confidence of ${found.n} stated causes`, found),
    describeWithout(weighed),
    `The fit to all of them: ${Object.entries({ ...fitLogOdds(weighed) })
      .map(([name, value]) => `${name} ${value.toFixed(2)}`)
      .join(', ')}.`,
  ].join('\n\n');
}

function weighedOf({ set, grades }: GradedSet): readonly Weighed[] {
  return grades.flatMap(({ traits, fault, first, isRight, hits }) =>
    traits === null
      ? []
      : [{ traits, fault: `${set.name} ${fault}`, isRight: hits === null ? isRight : first > 0.5 }],
  );
}

/** What would be stated, and how well, were the weights of the confidence fitted without the kind of fault at hand. */
function describeWithout(weighed: readonly Weighed[]): string {
  const stated = leaveOneFaultOut(weighed).filter(
    ({ confidence }) => confidence >= leastConfidence,
  );
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
  'median width, s',
];

/** How well the onset was found where one was said and the set knows it. */
function onsetRows({ set, variant, grades }: GradedSet): readonly (readonly string[])[] {
  const { inside, errorSeconds, widthSeconds } = summarise(grades).onset;
  if (variant !== 'detected' || errorSeconds === null || widthSeconds === null) return [];
  return [
    [
      ...[set.title, String(inside.n), ratio(inside.ratio)],
      ...[errorSeconds.median, errorSeconds.most, widthSeconds.median].map(plain),
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
    const { accuracyAt, right, abstained } = summarise(own);
    const isRanked = set.gradedBy !== 'category';
    return [
      ...[set.title, fault, String(own.length)],
      ...[0, 1].map((index) => (isRanked ? ratio(accuracyAt[index]?.ratio ?? null) : '–')),
      ...[ratio(right.ratio), ratio(abstained.ratio)],
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

const isHealthy = ({ gradedBy }: GradedSet['set']): boolean => gradedBy === 'health';
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
  return graded
    .filter(({ set, variant }) => variant === 'detected' && (set.isPooled || isHealthy(set)))
    .flatMap(({ grades }) => grades)
    .filter(({ cause, isRight }) => cause !== null && !isRight)
    .toSorted((one, other) => (other.cause?.confidence ?? 0) - (one.cause?.confidence ?? 0))
    .slice(0, mostWorst)
    .map((grade) => [
      ...[grade.case, grade.origin, ratio(grade.cause?.confidence ?? null)],
      ...[grade.said, nameTruth(grade.truth) || 'none', explained[grade.case] ?? ''].map(inCell),
    ]);
}
