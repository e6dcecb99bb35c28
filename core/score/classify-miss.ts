import type { EvidenceSummary } from '../schemas/evidence.ts';
import type { GradableReport } from '../schemas/gradable-report.ts';
import type { Truth } from '../schemas/truth.ts';
import { isTrueEntity, nameTruth } from './grade-report.ts';
import type { CaseFacts, Grade } from './grade-report.ts';

/** Where a wrong answer went wrong. */
export interface Miss {
  readonly kind: 'tool' | 'routing' | 'retrieval' | 'reasoning' | 'unknown';
  readonly because: string;
}

/** An investigation that answered, and the evidence it took; null where nobody can be asked for it. */
export interface Run {
  readonly report: GradableReport;
  readonly evidence: readonly Pick<EvidenceSummary, 'id' | 'key' | 'title'>[] | null;
}

/** Who reads which kind of telemetry. */
const readers: Readonly<Record<string, string>> = {
  metrics: 'aggregation',
  alerts: 'aggregation',
  traces: 'trace',
  logs: 'log',
  changes: 'change',
  events: 'change',
  state: 'change',
  commands: 'change',
};

/**
 * Says where a wrong answer went wrong: the first of these that applies, since whoever lacks the data cannot reason from it.
 * `tool`: the investigation failed, or its report states a gap in telemetry that the case holds.
 * `routing`: the case holds telemetry that no specialist read.
 * `retrieval`: what did it is named nowhere in ranking, causes, chain, sentences, hypotheses and evidence.
 * `reasoning`: it is named, and something else was said; or a healthy case was blamed.
 * `unknown`: anything else. Without the facts of the case a gap counts whatever it is in; without rounds in the report nobody can say who read what.
 */
export function classifyMiss(run: Run, grade: Grade, facts: CaseFacts): Miss {
  const { report } = run;
  return (
    toolMiss(report, facts) ??
    routingMiss(report, facts) ??
    retrievalMiss(run, grade.truth) ??
    reasoningMiss(grade) ?? { kind: 'unknown', because: grade.wrong }
  );
}

function toolMiss({ status, summary, gaps }: GradableReport, { telemetry }: CaseFacts) {
  if (status === 'failed') return { kind: 'tool', because: `it failed: ${summary}` } as const;
  const gap = gaps.find(({ signal }) => telemetry === null || telemetry.includes(signal));
  if (gap === undefined) return null;
  return { kind: 'tool', because: `a gap in ${gap.signal}: ${gap.reason}` } as const;
}

function routingMiss({ iterations }: GradableReport, { telemetry }: CaseFacts) {
  if (iterations.length === 0) return null;
  const unread = (telemetry ?? []).find((kind) => {
    const reader = readers[kind];
    return reader !== undefined && !iterations.some(({ role }) => role === reader);
  });
  if (unread === undefined) return null;
  return { kind: 'routing', because: `there are ${unread}, and nobody read them` } as const;
}

function retrievalMiss(run: Run, truth: Truth) {
  if (truth.verdict !== 'cause-found' || isNamed(run, truth)) return null;
  return { kind: 'retrieval', because: `${nameTruth(truth)} is named nowhere` } as const;
}

function reasoningMiss({ truth, cause, place, wrong }: Grade) {
  const named = cause === null ? 'no cause was stated' : `${cause.entity.name} was named`;
  if (truth.verdict !== 'cause-found') {
    return cause === null
      ? null
      : ({ kind: 'reasoning', because: `it is healthy; ${named}` } as const);
  }
  const ranked = place === null ? 'seen and not ranked' : `ranked ${place}`;
  const because = `${wrong}; it was ${ranked}, and ${named}`;
  return { kind: 'reasoning', because } as const;
}

/** Whether anything in a report or its evidence names what really did it. */
function isNamed({ report, evidence }: Run, truth: Truth): boolean {
  const entities = [
    ...report.ranking.map(({ entity }) => entity),
    ...report.causes.map(({ entity }) => entity),
    ...report.affected.map(({ entity }) => entity),
    ...report.chain.flatMap(({ from, to }) => [from, to]),
  ];
  if (entities.some((entity) => isTrueEntity(truth, entity))) return true;
  const texts = [
    ...report.claims.map(({ text }) => text),
    ...report.ruledOut.flatMap(({ hypothesis, because }) => [hypothesis, because]),
    ...report.iterations.flatMap(({ hypotheses }) => hypotheses),
    ...(evidence ?? []).flatMap(({ key, title }) => [key, title]),
  ];
  return truth.entityNames.some((name) => texts.some((text) => hasWord(text, name)));
}

/** Whether a text has a name that is no part of a longer one. */
function hasWord(text: string, name: string): boolean {
  const isPart = (character: string): boolean => /[\w-]/.test(character);
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const isCut = isPart(text.charAt(at - 1)) || isPart(text.charAt(at + name.length));
    if (!isCut) return true;
  }
  return false;
}
