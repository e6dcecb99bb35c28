import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gradableReportSchema } from '../../core/schemas/gradable-report.ts';
import type { GradableReport } from '../../core/schemas/gradable-report.ts';
import { manifestName, readCase } from '../../integrations/duckdb/read-case.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import type { ConfidenceTraits } from '../../agents/root-cause/confidence.ts';
import { investigateDirectly } from '../direct/investigate-directly.ts';
import { answerByMetrics } from './baselines/answer-by-metrics.ts';
import { nSigma } from './baselines/n-sigma.ts';
import { robustScorer } from './baselines/robust-scorer.ts';
import type { BenchCase } from './bench-case.ts';
import { copyWithOnset } from './copy-case.ts';
import { weighedTraits } from './fit-confidence.ts';
import type { AnsweredBy } from './graded-set.ts';
import { renderTruths } from './render-truths.ts';
import type { BenchSet, Variant } from './sets.ts';

/** A case with what was answered to it. */
export interface Answered {
  readonly case: BenchCase;
  readonly report: GradableReport;
  /** What its confidence rests on; null where something else decided the verdict. */
  readonly traits: ConfidenceTraits | null;
  /** How long a time was investigated; null where that was not kept. */
  readonly windowSeconds: number | null;
}

/** What was answered to a set, and by which version. */
export interface AnsweredSet {
  readonly answers: readonly Answered[];
  readonly answered: AnsweredBy;
}

const atOnce = 2;
const listName = 'cases.json';
const home = path.join(projectRoot(), '.holdfast', 'bench', 'rca');

/** The folder in which the cases of a set are. */
export function casesFolder(set: Pick<BenchSet, 'name'>): string {
  return path.join(home, set.name);
}

/** Makes the cases of a set anew. */
export async function convertSet(set: BenchSet, data: string): Promise<readonly BenchCase[]> {
  const to = casesFolder(set);
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  const cases = await set.convert({ from: path.join(data, set.folder), to });
  await writeFile(path.join(to, listName), JSON.stringify(cases));
  await writeFile(path.join(to, 'truth.csv'), renderTruths(cases));
  return cases;
}

/** Gives the cases of a set as they were made last, or makes them. */
export async function casesOf(set: BenchSet, data: string): Promise<readonly BenchCase[]> {
  const file = path.join(casesFolder(set), listName);
  return existsSync(file)
    ? (JSON.parse(await readFile(file, 'utf8')) as readonly BenchCase[])
    : convertSet(set, data);
}

/** Investigates every case of a set, two at a time, says so on standard error, and keeps the answers with the version that gave them. */
export async function runSet(
  set: BenchSet,
  variant: Variant,
  cases: readonly BenchCase[],
  policyVersion: string,
): Promise<void> {
  const pending = cases.entries();
  const lines: string[] = [];
  const work = async (): Promise<void> => {
    for (const [index, one] of pending) {
      const dir = path.join(casesFolder(set), one.name);
      const { report: answered, traits } = await answer(dir, variant, one.onset);
      const kept: Kept = {
        ...{ case: one, report: { ...answered, case: one.name }, traits },
        windowSeconds: await windowOf(dir),
        ...{ policyVersion, answeredAt: new Date().toISOString() },
      };
      const { report } = toAnswered(kept);
      const seconds = ((report.cost.wallMs ?? 0) / 1_000).toFixed(1);
      const said = report.causes[0]?.entity.name ?? report.verdict;
      process.stderr.write(
        `${set.name} ${variant} ${index + 1}/${cases.length} ${one.name}: ${said}, ${seconds} s\n`,
      );
      lines[index] = `${JSON.stringify(kept)}\n`;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  await writeFile(answersFile(set, variant), lines.join(''));
}

interface Answer {
  readonly report: object;
  readonly traits: ConfidenceTraits | null;
}

async function answer(dir: string, variant: Variant, onset: string | null): Promise<Answer> {
  const given = onset ?? '';
  switch (variant) {
    case 'detected':
      return ownAnswer(dir);
    case 'metrics':
      return ownAnswer(dir, ['traces', 'logs']);
    case 'n-sigma':
      return { report: await answerByMetrics(dir, given, nSigma), traits: null };
    case 'baro':
      return { report: await answerByMetrics(dir, given, robustScorer), traits: null };
    case 'onset':
      return answerWithOnset(dir, given);
  }
}

async function ownAnswer(dir: string, without: readonly string[] = []): Promise<Answer> {
  const made = await investigateDirectly(dir, without);
  return { report: made.report, traits: weighedTraits(made) };
}

async function answerWithOnset(dir: string, onset: string): Promise<Answer> {
  const copy = `${dir}.onset`;
  await copyWithOnset(dir, copy, onset);
  try {
    return await ownAnswer(copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

function answersFile(set: BenchSet, variant: Variant): string {
  return path.join(home, `${set.name}.${variant}.jsonl`);
}

/** Reads what was kept of an earlier run; null where there was none. */
export async function readAnswers(set: BenchSet, variant: Variant): Promise<AnsweredSet | null> {
  const text = await readFile(answersFile(set, variant), 'utf8').catch(() => null);
  if (text === null) return null;
  const kept = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Kept);
  const answers = [];
  for (const one of kept) {
    const windowSeconds =
      one.windowSeconds ?? (await windowOf(path.join(casesFolder(set), one.case.name)));
    answers.push(toAnswered({ ...one, windowSeconds }));
  }
  return { answers, answered: { version: versionOf(kept), on: dayOf(kept) } };
}

/** What is kept of an answer: all that was said, by which version and when; earlier ones lack the last three. */
export interface Kept {
  readonly case: BenchCase;
  readonly report: unknown;
  readonly traits: ConfidenceTraits | null;
  readonly windowSeconds?: number | null;
  readonly policyVersion?: string;
  readonly answeredAt?: string;
}

function toAnswered({ case: one, report, traits, windowSeconds = null }: Kept): Answered {
  return { case: one, report: gradableReportSchema.parse(report), traits, windowSeconds };
}

/** The version that gave all of some answers; null where several did, or one that is not known. A report of ours has always said it itself. */
export function versionOf(kept: readonly Kept[]): string | null {
  return theOnly(
    kept.map(({ policyVersion, report }) => {
      const { policyVersion: said } = report as { readonly policyVersion?: string };
      return policyVersion ?? said ?? null;
    }),
  );
}

/** The day on which the last of some answers was given; null where that is not known of all. */
export function dayOf(kept: readonly Kept[]): string | null {
  const days = kept.flatMap(({ answeredAt }) => answeredAt?.slice(0, 10) ?? []);
  if (days.length < kept.length) return null;
  return days.reduce<string | null>(
    (last, day) => (last === null || day > last ? day : last),
    null,
  );
}

function theOnly(values: readonly (string | null)[]): string | null {
  const [first = null] = values;
  return values.every((value) => value === first) ? first : null;
}

async function windowOf(dir: string): Promise<number | null> {
  if (!existsSync(path.join(dir, manifestName))) return null;
  const { window } = await readCase(dir);
  return (Date.parse(window.end) - Date.parse(window.start)) / 1_000;
}
