import type { ProgressEvent } from '../../core/schemas/progress.ts';
import type { Report } from '../../core/schemas/report.ts';

type Iteration = Report['iterations'][number];

/** Reads the rounds of an investigation off its progress, in the order in which they were decided; a round without a decision is still under way. */
export function iterationsOf(events: readonly ProgressEvent[]): Iteration[] {
  const ended = events.filter(({ type }) => type === 'ended');
  return ended
    .filter(({ oodaPhase }) => oodaPhase === 'decide')
    .map((decided) => {
      const round = ended.filter((event) => roundOf(event) === roundOf(decided));
      const observed = round.filter(({ oodaPhase }) => oodaPhase === 'observe');
      const oriented = round.filter(({ oodaPhase }) => oodaPhase === 'orient');
      return {
        role: decided.role,
        round: decided.round,
        reasoning: decided.text,
        tools: observed.flatMap(({ data }) => texts(data['tool'])),
        hypotheses: oriented.flatMap(({ data }) => texts(data['hypotheses'])),
        continued: decided.data['decision'] !== 'conclude',
        at: decided.at,
        evidenceIds: [...new Set(observed.flatMap(({ data }) => texts(data['evidenceIds'])))],
      };
    });
}

/** The step keys of one run of a role begin alike: a role may run again to answer a question, and then counts its rounds anew. */
function roundOf({ role, round, stepKey }: ProgressEvent): string {
  return `${role} ${round} ${/^(.*?)[.]r\d+[.]/.exec(stepKey)?.[1] ?? ''}`;
}

function texts(value: unknown): string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => typeof one === 'string');
}
