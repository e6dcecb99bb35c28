import type { Calibration } from '../../core/score/calibration.ts';
import type { Comparison } from '../../core/score/compare-scores.ts';
import type { Score } from '../../core/score/score-cases.ts';
import type { Share, Spread, Summary } from '../../core/score/summarise.ts';
import { clean } from './clean.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

/** A bin with fewer than this says little. */
const fewStatements = 10;

/** Writes a score for a terminal: a line a case when asked for, then the shares with their intervals, then what is no share. */
export function renderScore(
  score: Score,
  style: Style,
  { lines }: { readonly lines: boolean },
): string {
  const { summary } = score;
  const parts = [
    ...(lines ? [table(score.cases.map(caseRow))] : []),
    `${style.bold(headLine(score))}\n${table(shareRows(summary))}`,
    table(factRows(score)),
    ...(score.comparison === null ? [] : [comparisonLines(score.comparison)]),
  ];
  return parts.join('\n');
}

function caseRow(grade: Score['cases'][number]): readonly string[] {
  const { cause, verdict, place, hits, candidates, seconds, miss, wrong } = grade;
  const said =
    cause === null
      ? verdict
      : `${cause.entity.name} ${cause.faultKind} ${cause.changeId ?? ''}`.trimEnd();
  const ranked = place === null ? 'unranked' : `place ${place}`;
  return [
    grade.isRight ? 'right' : 'WRONG',
    clean(grade.case),
    clean(said),
    cause?.confidence?.toFixed(2) ?? '',
    hits === null ? 'healthy' : `${ranked} of ${candidates ?? '?'}`,
    seconds === null ? '' : `${seconds.toFixed(1)} s`,
    miss === null ? '' : clean(`${wrong} (${miss.kind}: ${miss.because})`),
  ];
}

function headLine({ summary, unanswered }: Score): string {
  const { cases, withCause } = summary;
  const missing =
    unanswered.length === 0 ? '' : `; not counted, for want of an answer: ${unanswered.length}`;
  return `${cases} cases: ${withCause} with a cause, ${cases - withCause} healthy${missing}`;
}

function shareRows(summary: Summary): readonly (readonly string[])[] {
  const { averageAt5 } = summary;
  return [
    ['', 'share', '95 % interval', 'of', 'by chance'],
    shareRow('strictly right', summary.right, 'in all'),
    ...summary.accuracyAt.map((at) =>
      shareRow(`AC@${at.k}`, at, 'with a cause', percentOf(at.byChance)),
    ),
    ['Avg@5', percentOf(averageAt5.ratio), '', '', percentOf(averageAt5.byChance)],
    shareRow('right entity stated', summary.entityRight, 'with a cause'),
    shareRow('right fault kind', summary.faultRight, 'with the right entity'),
    shareRow('right change', summary.changeRight, 'with the right entity'),
    shareRow('no cause stated', summary.abstained, 'with a cause'),
    shareRow('stated cause wrong', summary.falseCause, 'stating a cause'),
    shareRow('blamed', summary.healthyBlamed, 'healthy'),
  ];
}

function shareRow(name: string, share: Share, of: string, byChance = ''): readonly string[] {
  const { ratio, n, low, high } = share;
  const interval = ratio === null ? '' : `${number(low)} to ${percentOf(high)}`;
  return [name, percentOf(ratio), interval, `${n} ${of}`, byChance];
}

function factRows(score: Score): readonly (readonly string[])[] {
  const { summary, repeats, unsupportedClaims, unapprovedEffects, isEvidenceChecked } = score;
  const { candidates, calibration, seconds, peakMemoryBytes } = summary;
  const rows: (readonly string[])[] = [];
  const add = (name: string, text: string): void => void rows.push([name, text]);
  if (candidates !== null)
    add('candidates a case', `${spread(candidates, 0, '')}: of the case, else ranked`);
  if (calibration !== null) {
    calibrationLines(calibration).forEach((line, index) =>
      add(index === 0 ? 'confidence' : '', line),
    );
  }
  if (summary.onset.errorSeconds !== null) add('onset', onsetLine(summary.onset));
  if (seconds !== null) add('time a case', spread(seconds, 1, ' s'));
  if (peakMemoryBytes !== null) {
    add('memory', `${Math.round(peakMemoryBytes / 1e6)} MB at most, of the worker`);
  }
  if (repeats !== null) {
    const { runs, sameAnswer, rightInAll } = repeats;
    add(
      'repeats',
      `${runs} runs a case; the same verdict and cause in all: ${percentOf(sameAnswer.ratio)} of cases; right in all: ${percentOf(rightInAll.ratio)}`,
    );
  }
  const checked = isEvidenceChecked ? '' : ' (whether cited evidence exists was not checked)';
  add('unsupported claims', `${unsupportedClaims}${checked}`);
  add('unapproved effects', String(unapprovedEffects));
  add('misses', missesLine(score.misses));
  return rows;
}

function calibrationLines({ n, bins, expectedError, brier, brierOfMean }: Calibration): string[] {
  const few = bins.filter((bin) => bin.n < fewStatements).length;
  const caution =
    few === 0
      ? ''
      : `; ${few} of ${bins.length} bins hold fewer than ${fewStatements}: mostly chance`;
  return [
    `ECE ${expectedError.toFixed(3)} in 10 bins of equal width, Brier ${brier.toFixed(3)} (a constant at the mean: ${brierOfMean.toFixed(3)}), of ${n} stated causes${caution}`,
    ...bins.map(
      (bin) =>
        `${bin.from.toFixed(1)} to ${bin.to.toFixed(1)}: ${bin.n} said ${percentOf(bin.saidRatio)} on average, ${percentOf(bin.rightRatio)} right`,
    ),
  ];
}

function onsetLine({ inside, errorSeconds, widthSeconds }: Summary['onset']): string {
  const width =
    widthSeconds === null
      ? ''
      : `, which is ${widthSeconds.median.toFixed(1)} s wide in the median`;
  const outside =
    errorSeconds === null || errorSeconds.most === 0
      ? ''
      : `; off by ${spread(errorSeconds, 1, ' s')}`;
  return `${percentOf(inside.ratio)} of ${inside.n} inside the stated interval${width}${outside}`;
}

function missesLine(misses: Score['misses']): string {
  const said = Object.entries(misses).flatMap(([kind, n]) => (n === 0 ? [] : [`${kind} ${n}`]));
  return said.length === 0 ? 'none' : said.join(', ');
}

function comparisonLines(comparison: Comparison): string {
  const { fixed, broken, bothRight, bothWrong, onlyNow, onlyBefore, byChance } = comparison;
  const named = (names: readonly string[]): string =>
    names.length === 0 ? '0' : `${names.length}: ${names.map(clean).join(', ')}`;
  return table([
    ['fixed', named(fixed)],
    ['broken', named(broken)],
    ['the same', `${bothRight} right, ${bothWrong} wrong`],
    ...(onlyNow.length === 0 ? [] : [['only now', named(onlyNow)]]),
    ...(onlyBefore.length === 0 ? [] : [['only before', named(onlyBefore)]]),
    ['by chance', `so uneven a split has a chance of ${byChance.toFixed(3)} (sign test)`],
  ]);
}

function spread({ median, least, most }: Spread, digits: number, unit: string): string {
  const text = (value: number): string => value.toFixed(digits);
  if (least === most) return `${text(most)}${unit}`;
  return `${text(median)}${unit} in the median, ${text(least)} to ${text(most)}${unit}`;
}

function number(ratio: number): string {
  return (ratio * 100).toFixed(1);
}

function percentOf(ratio: number | null): string {
  return ratio === null ? 'n/a' : `${number(ratio)} %`;
}
