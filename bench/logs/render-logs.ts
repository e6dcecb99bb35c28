import type { ParsingScore } from './score-parsing.ts';
import type { Tallied } from './tally-many.ts';

/** What the bench found; the scores are in the order of the systems. */
export interface LogsResults {
  readonly measuredAt: Date;
  readonly processor: string;
  readonly systems: readonly string[];
  readonly own: { readonly scores: readonly ParsingScore[]; readonly many: Tallied };
  readonly drain3: {
    readonly scores: readonly ParsingScore[];
    readonly many: Pick<Tallied, 'lines' | 'seconds'>;
  } | null;
}

/** Says in Markdown how well, how fast and in how much memory logs were parsed; `judged` is the table of the gates. */
export function renderLogs(
  { measuredAt, processor, systems, own, drain3 }: LogsResults,
  judged: string,
): string {
  const { many } = own;
  const ownSpeed = many.lines / many.seconds;
  const speed = `${perSecond(ownSpeed)} lines a second of processor time, masks and counting included`;
  const memory = `${Math.round(many.peakBytes / 1_000_000)} MB of memory at its peak, ${many.templates} templates`;
  const otherSpeed = drain3 === null ? null : drain3.many.lines / drain3.many.seconds;
  const ratio =
    otherSpeed === null
      ? 'drain3 was not to be had'
      : `${(ownSpeed / otherSpeed).toFixed(0)} times the ${perSecond(otherSpeed)} of drain3`;
  return [
    `Measured on ${measuredAt.toISOString().slice(0, 10)} on one core of ${processor}, on the public half of [LogHub](https://github.com/logpai/loghub)'s labelled logs, 2,000 lines a system, with one set of masks for all.`,
    'GA: share of lines whose group holds exactly the lines of their event; FGA: the same by templates (F1); PA: share of lines whose template is worded as people worded it; FTA: the same by templates (F1).',
    'In brackets: drain3 0.9.11 with its defaults and masks for IP addresses, hexadecimal and decimal numbers, on the same lines in the same run.',
    'The first table is what this is held to, by `bench/gates.ts`, which was written before the runs: the command fails where a gate is missed.',
    judged,
    tableOf(systems, own.scores, drain3?.scores ?? null),
    `${many.lines.toLocaleString('en')} lines, the same ones with fresh numbers: ${speed} (${ratio}); ${memory}.`,
  ].join('\n\n');
}

const measures = ['groupingAccuracy', 'groupingF1', 'parsingAccuracy', 'templateF1'] as const;

function tableOf(
  systems: readonly string[],
  own: readonly ParsingScore[],
  other: readonly ParsingScore[] | null,
): string {
  const cell = (ours: number, theirs: number | null): string =>
    theirs === null ? ours.toFixed(3) : `${ours.toFixed(3)} (${theirs.toFixed(3)})`;
  const mean = (scores: readonly ParsingScore[], measure: keyof ParsingScore): number =>
    scores.reduce((sum, score) => sum + score[measure], 0) / scores.length;
  const row = (name: string, cells: readonly string[]): string =>
    `| ${[name, ...cells].join(' | ')} |`;
  return [
    row('system', ['GA', 'FGA', 'PA', 'FTA']),
    row('---', ['---', '---', '---', '---']),
    ...systems.map((system, index) =>
      row(
        system,
        measures.map((measure) =>
          cell(own[index]?.[measure] ?? 0, other?.[index]?.[measure] ?? null),
        ),
      ),
    ),
    row(
      '**mean**',
      measures.map((measure) =>
        cell(mean(own, measure), other === null ? null : mean(other, measure)),
      ),
    ),
  ].join('\n');
}

const perSecond = (rate: number): string => (Math.round(rate / 1_000) * 1_000).toLocaleString('en');
