import { readdir } from 'node:fs/promises';
import { errorPolicy, isAppError } from '../../core/errors.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import type { CaseCheck, CaseRemark } from '../../core/schemas/case-check.ts';
import { findGaps } from './find-gaps.ts';
import { openCase } from './open-case.ts';
import type { OpenCase } from './open-case.ts';
import { caseKinds, findCase, manifestName, manifestRemarks } from './read-case.ts';
import type { CaseKind, FoundCase } from './read-case.ts';

const maxRows = 100_000;
const maxListed = 30;
/** Files that hold the right answer in collections of incidents. */
const answers = ['truth.csv', 'ground_truth.json', 'answer.yml', 'answer.json'];

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Words an error of reading a case as a remark; rejects with any other error. */
function toRemark(error: unknown): CaseRemark {
  if (!isAppError(error) || !error.code.startsWith('invalid.case')) throw error;
  const { file, line, field } = error.details ?? {};
  const name = textOf(file) ?? manifestName;
  const where = [typeof line === 'number' ? `${name}:${line}` : name, textOf(field)];
  const prefix = where.filter((part) => part !== undefined).join(': ');
  const says = error.message.startsWith(`${prefix}: `)
    ? error.message.slice(prefix.length + 2)
    : error.message;
  return {
    level: 'error',
    file: name,
    ...(typeof line === 'number' && { line }),
    ...(typeof field === 'string' && { field }),
    says,
    remedy: errorPolicy(error.code).advice,
  };
}

async function readKind(telemetry: Telemetry, kind: CaseKind): Promise<void> {
  const { window } = telemetry;
  const query = { window, limit: 1 };
  const { signal } = new AbortController();
  switch (kind) {
    case 'metrics':
      await telemetry.metrics(query, signal);
      break;
    case 'logs':
      await telemetry.logs(query, signal);
      break;
    case 'traces':
      await telemetry.spans(query, signal);
      break;
    case 'changes':
      await telemetry.changes(query, signal);
      break;
    default:
      await telemetry.records(kind, { window, limit: maxRows }, signal);
  }
}

/** Every kind up to its first wrong row. */
async function rowRemarks(opened: OpenCase, { files }: FoundCase): Promise<readonly CaseRemark[]> {
  const remarks: CaseRemark[] = [];
  for (const kind of caseKinds) {
    if (files[kind] === undefined) continue;
    try {
      await readKind(opened, kind);
    } catch (error) {
      remarks.push(toRemark(error));
    }
  }
  return remarks;
}

async function answerRemarks(root: string): Promise<readonly CaseRemark[]> {
  const names = await readdir(root);
  return answers
    .filter((name) => names.includes(name))
    .map((file) => ({
      level: 'gap',
      file,
      says: 'looks like the right answer',
      remedy: 'Keep it beside the case folder, where only scorers read it.',
    }));
}

/** The entities that the telemetry names; empty when a kind has more than can be listed, since then nothing can be said to be absent. */
async function namesIn(opened: OpenCase, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const coverage = await opened.coverage(signal);
  if (coverage.some(({ services }) => services.length >= maxListed)) return new Set();
  const { window } = opened;
  const relations = await opened.records('topology', { window, limit: maxRows }, signal);
  const alerts = await opened.records('alerts', { window, limit: maxRows }, signal);
  const objects = await opened.records('state', { window, limit: maxRows }, signal);
  const events = await opened.records('events', { window, limit: maxRows }, signal);
  const series = await opened.metrics({ window, limit: maxRows }, signal);
  return new Set([
    ...coverage.flatMap(({ services }) => services),
    ...relations.rows.flatMap(({ from, to }) => [from.name, to.name]),
    ...alerts.rows.flatMap(({ entity }) => entity ?? []),
    ...objects.rows.map(({ name }) => name),
    ...events.rows.flatMap(({ name }) => name ?? []),
    ...series.rows.flatMap(({ instance, peer }) => [instance ?? [], peer ?? []].flat()),
  ]);
}

async function checkTelemetry(dir: string, found: FoundCase): Promise<CaseCheck> {
  const { signal } = new AbortController();
  const { manifest, root } = found;
  const opened = await openCase({ dir });
  try {
    const wrong = await rowRemarks(opened, found);
    const asides = await answerRemarks(root);
    const shared = { dir, name: manifest.name };
    if (wrong.length > 0) {
      return { ...shared, isReadable: false, remarks: [...wrong, ...asides], coverage: [] };
    }
    const coverage = await opened.coverage(signal);
    const gaps = findGaps(manifest, coverage, await namesIn(opened, signal));
    return {
      ...shared,
      isReadable: true,
      remarks: [...gaps, ...asides],
      coverage: [...coverage],
    };
  } finally {
    await opened.close();
  }
}

/**
 * Says everything that is wrong with the case folder `dir`: all that the manifest breaks, or each kind of telemetry up to its first wrong row; and, where it
 * can be read, what it lacks. Rejects with `not-found.case` where there is no folder.
 */
export async function checkCase(dir: string): Promise<CaseCheck> {
  const broken = await manifestRemarks(dir);
  const unreadable = { dir, name: null, isReadable: false, coverage: [] };
  if (broken.length > 0) return { ...unreadable, remarks: broken.map(toRemark) };
  let found: FoundCase;
  try {
    found = await findCase(dir);
  } catch (error) {
    return { ...unreadable, remarks: [toRemark(error)] };
  }
  return checkTelemetry(dir, found);
}
