import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import type { Run } from '../../core/score/classify-miss.ts';
import { compareScores } from '../../core/score/compare-scores.ts';
import type { ComparedGrade } from '../../core/score/compare-scores.ts';
import { readReports } from '../../core/score/read-reports.ts';
import { readTruths } from '../../core/score/read-truths.ts';
import { scoreCases } from '../../core/score/score-cases.ts';
import type { Score } from '../../core/score/score-cases.ts';
import { earlierScoreSchema } from '../../core/schemas/earlier-score.ts';
import { readCaseFacts, type KnownCase } from '../case-facts.ts';
import type { Client } from '../client.ts';
import { exportMisses, makeMissesFolder } from '../export-misses.ts';
import type { Io } from '../io.ts';
import { clean, cleanJson } from '../render/clean.ts';
import { endingOfScore } from '../render/errors.ts';
import { renderScore } from '../render/score.ts';
import { runCases, type CaseRun } from '../run-cases.ts';
import { withSession } from '../session.ts';

export interface ScoreOptions {
  readonly cases?: string;
  readonly truth?: string;
  readonly reports?: string;
  readonly repeats?: number;
  readonly lines: boolean;
  readonly exportMisses?: string;
  readonly against?: string;
  readonly floor?: number;
  readonly json: boolean;
}

type Runs = ReadonlyMap<string, readonly Run[]>;

const nothingKnown = { candidates: null, telemetry: null };

/** Carries out `holdfast score`: how often the answers to recorded incidents are right. Fails below the floor, and for what no report may hold. */
export async function score(io: Io, options: ScoreOptions): Promise<number> {
  const { cases: dir, exportMisses: missesDir, floor } = options;
  checkOptions(options);
  const truthFile = options.truth ?? join(dir ?? '', 'truth.csv');
  const truths = readTruths(await readText(truthFile), truthFile);
  const before = options.against === undefined ? null : await readEarlier(options.against);
  if (missesDir !== undefined) await makeMissesFolder(missesDir);
  const cases = dir === undefined ? new Map<string, KnownCase>() : await readCaseFacts(dir);
  const runs = await findRuns(io, options, cases);
  const unknown = [...runs.keys()].filter((name) => !truths.rows.has(name));
  if (unknown.length > 0) {
    io.say(`Left out, since ${truthFile} has no row for them: ${unknown.map(clean).join(', ')}\n`);
  }
  const scored = scoreCases(
    [...truths.rows].map(([name, { truth }]) => ({
      truth,
      facts: cases.get(name)?.facts ?? nothingKnown,
      runs: runs.get(name) ?? [],
    })),
  );
  if (scored.cases.length === 0) {
    throw new AppError('invalid.request', `no row of ${truthFile} has an answer`);
  }
  const comparison = before === null ? null : compareScores(scored.cases, before);
  const result: Score = { ...scored, comparison };
  if (missesDir !== undefined) {
    const lost = await exportMisses(missesDir, result, cases, truths);
    if (lost.length > 0)
      io.say(`Not copied, for want of a folder: ${lost.map(clean).join(', ')}\n`);
  }
  if (options.json) io.print(`${cleanJson(result)}\n`);
  else io.print(renderScore(result, io.style, options));
  const { exitCode, text } = endingOfScore(result, floor);
  io.say(text);
  return exitCode;
}

function checkOptions({ cases, truth, reports, repeats, exportMisses }: ScoreOptions): void {
  const refuse = (says: string): never => {
    throw new AppError('invalid.request', says);
  };
  if (cases === undefined && reports === undefined) {
    refuse('Name what to score: --cases DIR runs them, --reports FILE takes what was answered.');
  }
  if (cases === undefined && truth === undefined)
    refuse('--reports needs --truth FILE, or --cases.');
  if (cases === undefined && exportMisses !== undefined)
    refuse('--export-misses needs --cases DIR.');
  if (repeats === 0) refuse('--repeats 0 investigates nothing.');
  if (reports !== undefined && repeats !== undefined) {
    refuse('--repeats cannot stand beside --reports, which may hold several reports of a case.');
  }
}

/** Takes the answers from a file, else has every case investigated; by name of the case. */
async function findRuns(
  io: Io,
  { reports, repeats = 1 }: ScoreOptions,
  cases: ReadonlyMap<string, KnownCase>,
): Promise<Runs> {
  if (reports !== undefined) {
    const read = readReports(await readText(reports), reports);
    return byCase(read.map((report) => ({ report, evidence: null })));
  }
  const nameOf = new Map([...cases.values()].map(({ folder, name }) => [folder, name]));
  const folders = [...nameOf.keys()].flatMap((folder) =>
    Array.from({ length: repeats }, () => folder),
  );
  return withSession(io, async ({ client }) => {
    const done: CaseRun[] = [];
    await runCases(io, client, folders, {}, (run) => done.push(run));
    const runs: Run[] = [];
    for (const { folder, report } of done) {
      const named = { ...report, case: nameOf.get(folder) ?? folder };
      runs.push({ report: named, evidence: await evidenceOf(client, report.investigationId) });
    }
    return byCase(runs);
  });
}

/** What an investigation took as evidence: nothing, where it could not be started; null where the API does not say any more. */
async function evidenceOf(client: Client, id: string): Promise<Run['evidence']> {
  return id === '' ? [] : client.evidence(id).catch(() => null);
}

function byCase(runs: readonly Run[]): Runs {
  const byName = new Map<string, Run[]>();
  for (const run of runs) {
    const name = run.report.case;
    byName.set(name, [...(byName.get(name) ?? []), run]);
  }
  return byName;
}

async function readEarlier(file: string): Promise<readonly ComparedGrade[]> {
  const text = await readText(file);
  try {
    return earlierScoreSchema.parse(JSON.parse(text)).cases;
  } catch (error) {
    throw new AppError('invalid.request', `${file} is not what \`holdfast score --json\` prints`, {
      cause: error,
    });
  }
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    const says = error instanceof Error ? error.message : String(error);
    throw new AppError('invalid.request', `${file} cannot be read: ${says}`, { cause: error });
  });
}
