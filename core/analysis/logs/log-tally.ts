import type { LogRecord } from '../../ports/telemetry.ts';
import { dispersionOf } from '../compare-rates.ts';
import { isWithin } from '../split-window.ts';
import type { SplitWindow } from '../split-window.ts';
import { logText } from './log-text.ts';
import { maskTokens } from './mask-tokens.ts';
import { createTemplateMiner } from './template-miner.ts';
import type { TemplateMinerOptions } from './template-miner.ts';

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
  readonly before: number;
  readonly after: number;
  readonly dispersion: number;
  readonly firstAt: number;
  readonly firstAfterAt: number | null;
  readonly exemplarsBefore: readonly Exemplar[];
  readonly exemplarsAfter: readonly Exemplar[];
}

/** Counts templates over two windows, one record at a time, in memory that does not grow with the number of lines. */
export interface LogTally {
  add(record: LogRecord): void;
  counts(): readonly TemplateCount[];
}

interface Entry {
  readonly service: string | null;
  readonly severity: LogRecord['severity'];
  readonly parts: number[];
  before: number;
  after: number;
  firstAt: number;
  firstAfterAt: number | null;
  readonly exemplarsBefore: Exemplar[];
  readonly exemplarsAfter: Exemplar[];
}

const partCount = 20;
const maxExemplars = 3;
const maxBodyLength = 400;

/**
 * Makes a tally of log templates by service and severity. Records outside both windows are ignored. The work for a record is bounded by its
 * length; callers give way to others between chunks of records.
 */
export function createLogTally(split: SplitWindow, options: TemplateMinerOptions = {}): LogTally {
  const miner = createTemplateMiner(options);
  const entries = new Map<number, Entry>();
  const { baseline, after } = split;
  const partMs = (baseline.endAt - baseline.startAt) / partCount;

  const add = (record: LogRecord): void => {
    const isBefore = isWithin(baseline, record.at);
    if (!isBefore && !isWithin(after, record.at)) return;
    const scope = `${record.service ?? ''}\u0000${record.severity ?? ''}`;
    const { id } = miner.add(scope, maskTokens(logText(record.body)));
    const entry = entries.get(id) ?? newEntry(record);
    entries.set(id, entry);
    entry.firstAt = Math.min(entry.firstAt, record.at);
    const exemplars = isBefore ? entry.exemplarsBefore : entry.exemplarsAfter;
    if (exemplars.length < maxExemplars) exemplars.push(exemplarOf(record));
    if (isBefore) {
      entry.before += 1;
      const part = Math.min(partCount - 1, Math.floor((record.at - baseline.startAt) / partMs));
      entry.parts[part] = (entry.parts[part] ?? 0) + 1;
    } else {
      entry.after += 1;
      entry.firstAfterAt = Math.min(entry.firstAfterAt ?? record.at, record.at);
    }
  };

  return {
    add,
    counts: () =>
      miner.templates().flatMap(({ id, tokens }) => {
        const entry = entries.get(id);
        if (entry === undefined) return [];
        const { parts, ...rest } = entry;
        return [{ ...rest, template: tokens.join(' '), dispersion: dispersionOf(parts) }];
      }),
  };
}

function newEntry({ service, severity, at }: LogRecord): Entry {
  return {
    service,
    severity,
    parts: Array.from({ length: partCount }, () => 0),
    before: 0,
    after: 0,
    firstAt: at,
    firstAfterAt: null,
    exemplarsBefore: [],
    exemplarsAfter: [],
  };
}

function exemplarOf({ at, body, traceId, row }: LogRecord): Exemplar {
  return { at, body: body.slice(0, maxBodyLength), traceId, row };
}
