import { compareTemplate } from '../core/analysis/logs/compare-templates.ts';
import type { TemplateShift } from '../core/analysis/logs/compare-templates.ts';
import { createLogTally } from '../core/analysis/logs/log-tally.ts';
import type { TemplateCount } from '../core/analysis/logs/log-tally.ts';
import { otherLines } from '../core/analysis/logs/mask-body.ts';
import { statedFaults } from '../core/analysis/logs/stated-faults.ts';
import type { Condition } from '../core/analysis/platform/condition.ts';
import { createRecorder } from '../core/analysis/recorded.ts';
import { splitOfRecorded } from '../core/analysis/split-window.ts';
import type { SplitWindow } from '../core/analysis/split-window.ts';
import { isInside, secondsOf } from '../core/analysis/stretches.ts';
import type { Stretches } from '../core/analysis/stretches.ts';
import { compareTexts } from '../core/compare-texts.ts';
import type { ToolContext } from '../core/ports/tool.ts';
import type { Onset } from '../core/schemas/primitives.ts';
import { countRequests } from './count-requests.ts';
import type { RequestTally } from './count-requests.ts';
import type { Provenance } from './draft-evidence.ts';
import { logBounds, pagedQuery, readLogs } from './read-logs.ts';
import type { LogBounds, LogsRead } from './read-logs.ts';

/** A template with how its frequency shifted; one that is new has a beginning, no earlier than the last time of which all lines were read. */
export interface ScoredTemplate extends TemplateShift {
  readonly count: TemplateCount;
  readonly onset: Onset | null;
}

/** What the log lines of some services say, strongest difference first, and what programs say is wrong with them. */
export interface ScoredTemplates {
  readonly scored: readonly ScoredTemplate[];
  readonly stated: readonly Condition[];
  readonly lines: number;
  readonly read: Provenance;
  readonly truncated: string | null;
}

/** Lines that were read together, of one service or of all (null), and the times of which they are; null for all of the time. */
interface Reading {
  readonly service: string | null;
  readonly read: LogsRead;
  readonly covered: Stretches | null;
}

/**
 * Reads the log lines of services, of all where `services` is null, and compares how often each template occurs on either side. Of named services each may have as many
 * lines read as the others. Where not all lines were read, rates are taken over the times of which they were: what nobody read is not silent.
 */
export async function scoreTemplates(
  context: ToolContext,
  {
    services,
    split,
    bounds = logBounds,
  }: {
    readonly services: readonly string[] | null;
    readonly split: SplitWindow;
    readonly bounds?: LogBounds;
  },
): Promise<ScoredTemplates> {
  const tally = createLogTally(split);
  const recorder = createRecorder();
  const readings: Reading[] = [];
  const count = Math.max(1, services?.length ?? 1);
  const { pageRows, maxRows, maxMs } = bounds;
  const each = { pageRows, maxRows: maxRows / count, maxMs: maxMs / count };
  for (const service of services ?? [null]) {
    const query = { ...(service !== null && { service }), bounds: each };
    const sides = [split.baseline, split.after];
    const read = await readLogs(context, { ...query, sides }, (record) => {
      tally.add(record);
      recorder.add(record.at);
    });
    readings.push({ service, read, covered: read.truncated === null ? null : read.covered });
  }
  const recorded = splitOfRecorded(split, recorder.stretches()) ?? split;
  const readingOf = (service: string | null): Reading | undefined =>
    readings.find((one) => one.service === null || one.service === service);
  const requests = await countRequests(context, split, (service, at) => {
    const covered = readingOf(service)?.covered ?? null;
    return covered === null || isInside(covered, at);
  });
  const counts = tally.counts();
  return {
    scored: scoreAll(counts, requests, (service) => {
      const covered = readingOf(service)?.covered ?? null;
      return { read: coveredOf(split, covered), told: coveredOf(recorded, covered) };
    }),
    stated: readings.flatMap(({ service, covered }) =>
      statedFaults(
        counts.filter((count) => service === null || count.service === service),
        coveredOf(split, covered),
      ),
    ),
    ...sumOf(readings.map(({ read }) => read)),
  };
}

const coveredOf = (split: SplitWindow, covered: Stretches | null): SplitWindow =>
  splitOfRecorded(split, covered) ?? split;

/** When lines that were first seen at `at` began: in the time before, of which not all were read, there may have been some. */
function begunAt(at: number, after: Stretches): Onset {
  const before = after.findLast(({ endAt }) => endAt <= at);
  return { earliestAt: before?.endAt ?? at, latestAt: at };
}

function sumOf(reads: readonly LogsRead[]): Omit<ScoredTemplates, 'scored' | 'stated'> {
  const { query = 'logs', source = '' } = reads[0] ?? {};
  const pages = reads.reduce((sum, read) => sum + read.pages, 0);
  return {
    lines: reads.reduce((sum, { lines }) => sum + lines, 0),
    read: { query: pagedQuery(query, pages), source },
    truncated: reads.findLast(({ truncated }) => truncated !== null)?.truncated ?? null,
  };
}

function scoreAll(
  counts: readonly TemplateCount[],
  requests: RequestTally,
  splitsOf: (service: string | null) => { readonly read: SplitWindow; readonly told: SplitWindow },
): readonly ScoredTemplate[] {
  return counts
    .filter(({ template }) => template !== otherLines)
    .flatMap((count) => {
      const { read, told } = splitsOf(count.service);
      const found = compareTemplate(count, {
        secondsBefore: secondsOf(told.baseline),
        secondsAfter: secondsOf(told.after),
        requests: requests.get(count.service ?? '') ?? null,
      });
      if (found === null) return [];
      const isNew = found.change === 'new' && count.firstAfterAt !== null;
      return [{ ...found, count, onset: isNew ? begunAt(count.firstAfterAt, read.after) : null }];
    })
    .sort(
      (one, other) =>
        other.shift.score - one.shift.score ||
        compareTexts(one.count.template, other.count.template),
    );
}
