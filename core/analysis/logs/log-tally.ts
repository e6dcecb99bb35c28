import type { LogRecord } from '../../ports/telemetry.ts';
import { dispersionOf } from '../compare-rates.ts';
import type { SplitWindow } from '../split-window.ts';
import { isInside, leastHistory, partsOf, placeIn } from '../stretches.ts';
import { ownCopy } from './log-text.ts';
import { maskBody } from './mask-body.ts';
import { createTemplateMiner } from './template-miner.ts';
import type { KindValues, MinedTemplate } from './template-miner.ts';

/** A line as it was written, cut to 400 characters. */
export interface Exemplar {
  readonly at: number;
  readonly body: string;
  readonly traceId: string | null;
  readonly row: number;
}

/** How often one template occurred before and after, with the first lines of each side. `dispersion` is that of the counts before. */
export interface TemplateCount {
  readonly template: string;
  readonly service: string | null;
  readonly severity: LogRecord['severity'];
  /** At most, where `isBeforeKnown` is false: there were too many kinds of lines to remember all. */
  readonly before: number;
  readonly isBeforeKnown: boolean;
  readonly after: number;
  readonly dispersion: number;
  /** How often in each of the healthy times, where there are five or more. */
  readonly history?: readonly number[];
  readonly firstAt: number;
  readonly firstAfterAt: number | null;
  readonly exemplarsBefore: readonly Exemplar[];
  readonly exemplarsAfter: readonly Exemplar[];
}

/** What a tally holds of one kind of line; `parts` are the counts in equal parts of the time before, or in each of its stretches where those are a history, empty as long as there are none. */
export interface TallyEntry {
  service: string | null;
  severity: LogRecord['severity'];
  parts: number[];
  before: number;
  after: number;
  firstAt: number;
  firstAfterAt: number | null;
  exemplarsBefore: Exemplar[];
  exemplarsAfter: Exemplar[];
}

/** Where a tally stands, as plain data. */
export type TallyState = readonly MinedTemplate<TallyEntry>[];

/** Counts templates over two windows, one record at a time, in memory that does not grow with the number of lines. */
export interface LogTally {
  add(record: LogRecord): void;
  counts(): readonly TemplateCount[];
  /** What a tally of the same windows goes on from. */
  state(): TallyState;
}

/** How a tally is bounded, and what it goes on from. */
export interface LogTallyOptions {
  /** Different masked lines held at a time; see the miner. */
  readonly maxKinds?: number;
  readonly resumeFrom?: TallyState;
}

const partCount = 20;
const maxExemplars = 3;
const maxBodyLength = 400;

/**
 * Makes a tally of log templates by service and severity. Records outside both windows are ignored; their order does not matter. The work for a record is bounded by its
 * length; callers give way to others between chunks of records.
 */
export function createLogTally(split: SplitWindow, options: LogTallyOptions = {}): LogTally {
  const miner = createTemplateMiner(entries, options);
  const { baseline, after } = split;
  /** The scope of the last record, which is often that of the next one. */
  let last: {
    readonly service: string | null;
    readonly severity: LogRecord['severity'];
    readonly scope: string;
  } = {
    service: null,
    severity: null,
    scope: '\u0000',
  };
  const isHistory = baseline.length >= leastHistory;
  const partOf = isHistory ? placeIn(baseline) : partsOf(baseline, partCount);
  const length = isHistory ? baseline.length : partCount;

  const add = (record: LogRecord): void => {
    const { at, service, severity } = record;
    const part = partOf(at);
    if (part === null && !isInside(after, at)) return;
    if (service !== last.service || severity !== last.severity) {
      last = { service, severity, scope: `${service ?? ''}\u0000${severity ?? ''}` };
    }
    const entry = miner.add(last.scope, maskBody(record.body));
    if (entry.before + entry.after === 0) Object.assign(entry, { service, severity });
    entry.firstAt = Math.min(entry.firstAt, at);
    if (part !== null) {
      if (entry.before === 0) entry.parts = Array.from({ length }, () => 0);
      entry.parts[part] = (entry.parts[part] ?? 0) + 1;
      entry.before += 1;
      keepFirst(entry.exemplarsBefore, record);
    } else {
      entry.after += 1;
      entry.firstAfterAt = Math.min(entry.firstAfterAt ?? at, at);
      keepFirst(entry.exemplarsAfter, record);
    }
  };

  return {
    add,
    state: () => miner.templates(),
    counts: () =>
      miner.templates().map(({ template, missed, value: { parts, before, ...rest } }) => ({
        ...rest,
        template,
        before: before + missed,
        isBeforeKnown: missed === 0,
        dispersion: dispersionOf(parts),
        ...(isHistory && { history: baseline.map((_one, place) => parts[place] ?? 0) }),
      })),
  };
}

/** Errors are what is looked for, so they are given up last. What is missed of a kind that comes again are its lines before. */
const entries: KindValues<TallyEntry> = {
  fresh: freshEntry,
  merge: mergeEntries,
  matters: ({ severity }) => severity === 'error' || severity === 'fatal',
  missed: ({ before }) => before,
};

function freshEntry(): TallyEntry {
  return {
    service: null,
    severity: null,
    parts: [],
    before: 0,
    after: 0,
    firstAt: Number.POSITIVE_INFINITY,
    firstAfterAt: null,
    exemplarsBefore: [],
    exemplarsAfter: [],
  };
}

function mergeEntries(one: TallyEntry, other: TallyEntry): TallyEntry {
  const [longer, shorter] = one.parts.length > 0 ? [one, other] : [other, one];
  const firsts = [one.firstAfterAt, other.firstAfterAt].filter((at) => at !== null);
  return {
    service: one.service === other.service ? one.service : null,
    severity: one.severity === other.severity ? one.severity : null,
    parts: longer.parts.map((count, part) => count + (shorter.parts[part] ?? 0)),
    before: one.before + other.before,
    after: one.after + other.after,
    firstAt: Math.min(one.firstAt, other.firstAt),
    firstAfterAt: firsts.length === 0 ? null : Math.min(...firsts),
    exemplarsBefore: firstOf([...one.exemplarsBefore, ...other.exemplarsBefore]),
    exemplarsAfter: firstOf([...one.exemplarsAfter, ...other.exemplarsAfter]),
  };
}

/** Keeps a record among the first ones if it is one of them. */
function keepFirst(exemplars: Exemplar[], record: LogRecord): void {
  const last = exemplars.at(-1);
  const isFull = exemplars.length >= maxExemplars && last !== undefined;
  if (isFull && last.at < record.at) return;
  const { at, traceId, row } = record;
  const exemplar = { at, body: record.body.slice(0, maxBodyLength), traceId, row };
  if (isFull && byTime(last, exemplar) <= 0) return;
  exemplars.push({ ...exemplar, body: ownCopy(exemplar.body) });
  exemplars.sort(byTime);
  exemplars.length = Math.min(exemplars.length, maxExemplars);
}

const firstOf = (exemplars: readonly Exemplar[]): Exemplar[] =>
  exemplars.toSorted(byTime).slice(0, maxExemplars);

/** Earlier ones first; at one instant the order of their text, since that of rows says nothing. */
function byTime(one: Exemplar, other: Exemplar): number {
  if (one.at !== other.at) return one.at - other.at;
  if (one.body !== other.body) return one.body < other.body ? -1 : 1;
  return one.row - other.row;
}
