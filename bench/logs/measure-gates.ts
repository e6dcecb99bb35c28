import { mean } from '../../core/analysis/quantiles.ts';
import type { gates } from '../gates.ts';
import type { Measured } from '../judge-gates.ts';
import type { LogsResults } from './render-logs.ts';
import type { ParsingScore } from './score-parsing.ts';

/** What the gates ask for, all of it of this run; where drain3 was not to be had nothing is held against it. */
export function measureGates({
  own,
  drain3,
}: Pick<LogsResults, 'own' | 'drain3'>): Readonly<Record<keyof (typeof gates)['logs'], Measured>> {
  const measured = (value: number | null): Measured => ({ value, isCurrent: true });
  const meanOf = (measure: keyof ParsingScore): Measured =>
    measured(mean(own.scores.map((score) => score[measure])));
  const { lines, seconds, peakBytes } = own.many;
  const speed = lines / seconds;
  const other = drain3 === null ? null : drain3.many.lines / drain3.many.seconds;
  return {
    groupingAccuracy: meanOf('groupingAccuracy'),
    groupingF1: meanOf('groupingF1'),
    parsingAccuracy: meanOf('parsingAccuracy'),
    templateF1: meanOf('templateF1'),
    timesDrain3: measured(other === null ? null : speed / other),
    linesPerSecond: measured(speed),
    peakMegabytes: measured(peakBytes / 1_000_000),
  };
}
