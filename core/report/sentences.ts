import type { Report } from '../schemas/report.ts';

/** One statement of a report that evidence has to carry. `number` counts from 1 through the whole report and is what people call it by. */
export interface Sentence {
  readonly number: number;
  readonly section: 'cause' | 'claim' | 'chain' | 'timeline' | 'ruled out' | 'remediation';
  readonly text: string;
  readonly evidenceIds: readonly string[];
}

/** Gives every sentence of a report that cites evidence, or should, in the order in which a report shows them. */
export function sentencesOf(report: Report): readonly Sentence[] {
  const sentences: readonly Omit<Sentence, 'number'>[] = [
    ...report.causes.map(({ entity, faultKind, mechanism, evidenceIds }) => ({
      section: 'cause' as const,
      text: `${entity.name}, ${faultKind}: ${mechanism}`,
      evidenceIds,
    })),
    ...report.claims.map(({ text, evidenceIds }) => ({
      section: 'claim' as const,
      text,
      evidenceIds,
    })),
    ...report.chain.map(({ from, to, evidenceIds }) => ({
      section: 'chain' as const,
      text: `${from.name} → ${to.name}`,
      evidenceIds,
    })),
    ...report.timeline.map(({ at, text, evidenceIds }) => ({
      section: 'timeline' as const,
      text: `${at} ${text}`,
      evidenceIds,
    })),
    ...report.ruledOut.map(({ hypothesis, because, evidenceIds }) => ({
      section: 'ruled out' as const,
      text: ruledOutText(hypothesis, because),
      evidenceIds,
    })),
    ...report.remediations.map(({ kind, target, rationale, evidenceIds }) => ({
      section: 'remediation' as const,
      text: `${kind} ${target.name}: ${rationale}`,
      evidenceIds,
    })),
  ];
  return sentences.map((sentence, index) => ({ number: index + 1, ...sentence }));
}

/** What was suspected, a sentence or less, and why it was not that. */
export function ruledOutText(hypothesis: string, because: string): string {
  return `${hypothesis.replace(/\.$/, '')}: ${because}`;
}
