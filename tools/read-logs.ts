import { common, hullOf, joined } from '../core/analysis/stretches.ts';
import type { Stretches } from '../core/analysis/stretches.ts';
import type { LogRecord, LogsQuery } from '../core/ports/telemetry.ts';
import type { ToolContext } from '../core/ports/tool.ts';
import type { Window } from '../core/schemas/primitives.ts';
import { createPause } from './pace.ts';
import { partsOf } from './read-rows.ts';
import { givenSplit, splitContext } from './split-context.ts';

/** How much is read. Of all records there may be more by a page for each part of the time, since each has at least one. */
export interface LogBounds {
  readonly pageRows: number;
  readonly maxRows: number;
  /** A while that is shorter than what a tool's step is given, so that a slow machine tells of a part of the log and not of nothing. */
  readonly maxMs: number;
}

export const logBounds: LogBounds = { pageRows: 20_000, maxRows: 6_000_000, maxMs: 60_000 };

/** What became of reading. */
export interface LogsRead {
  readonly lines: number;
  readonly pages: number;
  /** The query of the first page, and what it was asked of. */
  readonly query: string;
  readonly source: string;
  /** The times of which every record was read. */
  readonly covered: Stretches;
  /** What was left out, in words; null when nothing was. */
  readonly truncated: string | null;
}

interface Page extends Pick<LogsRead, 'query' | 'source'> {
  readonly rows: readonly LogRecord[];
  readonly covered: Window;
  /** What of the window is still to be read. */
  readonly rest: Window | null;
  readonly isOneInstant: boolean;
}

const leastParts = 20;
const pagesATurn = 3;
const recordsBetweenPauses = 200;

type Asked = Omit<LogsQuery, 'limit' | 'window'>;

/**
 * Hands the log records of some times to `take` one by one, a page at a time, so that a large log is never in memory whole, and gives way to others meanwhile. `sides` are what is
 * compared with each other; what lies between them is read only where one page holds all. Records come in order of time, so that a bound would cut off the end, which is what matters
 * most: where there is more than a page, each side is cut into 20 parts or more, as many on either side, and these are read in turn, three pages at a time. So up to the bounds everything
 * is read, and beyond them the first records of each part are. Within a part records come in order of time. Of more than a page's records at one instant the surplus is
 * left out.
 */
export async function readLogs(
  context: Pick<ToolContext, 'telemetry' | 'signal'>,
  query: Asked & { readonly sides: readonly Stretches[]; readonly bounds?: LogBounds },
  take: (record: LogRecord) => void,
): Promise<LogsRead> {
  const { sides, bounds = logBounds, ...asked } = query;
  const pause = createPause(context.signal);
  const endsAt = performance.now() + bounds.maxMs;
  const read = { lines: 0, pages: 0, query: '', source: '' };
  const covered: Window[] = [];
  let hasSurplus = false;
  const turns = createTurns(sides);
  const readNext = (window: Window): Promise<Page> => {
    const page = readPage(context, { ...asked, window, limit: bounds.pageRows });
    // It is waited for later; until then its failure is nobody's.
    page.catch(() => undefined);
    return page;
  };

  let ahead: Promise<Page> | null = readNext(hullOf(joined(sides.flat())));
  while (ahead !== null) {
    const page: Page = await ahead;
    if (read.pages === 0) Object.assign(read, { query: page.query, source: page.source });
    read.pages += 1;
    read.lines += page.rows.length;
    hasSurplus ||= page.isOneInstant;
    covered.push(page.covered);
    const mayGoOn = read.lines < bounds.maxRows && performance.now() < endsAt;
    const next = turns.after(page.rest, mayGoOn);
    // The source works on the next page while this one is looked at.
    ahead = next === null ? null : readNext(next);
    for (const [index, record] of page.rows.entries()) {
      if (index % recordsBetweenPauses === 0) await pause();
      take(record);
    }
  }
  const truncated = sayLeft(read.lines, { isCut: turns.isCut(), hasSurplus });
  return { ...read, covered: joined(covered), truncated };
}

/** Says what to read next, given what a page left of its window: the parts in turn, and each once whatever the bounds. */
function createTurns(sides: readonly Stretches[]): {
  after(rest: Window | null, mayGoOn: boolean): Window | null;
  isCut(): boolean;
} {
  let open: Window[] | null = null;
  let later: Window[] = [];
  let isFirstRound = true;
  let pages = 0;
  return {
    after: (rest, mayGoOn) => {
      if (open === null) {
        open = rest === null ? [] : [...common(cutUp(sides), [rest])];
      } else if (rest !== null) {
        pages += 1;
        if (mayGoOn && pages < pagesATurn) return rest;
        later.push(rest);
      }
      pages = 0;
      if (open.length === 0 && mayGoOn) {
        [open, later, isFirstRound] = [later, [], false];
      }
      return mayGoOn || isFirstRound ? (open.shift() ?? null) : null;
    },
    isCut: () => later.length + (open?.length ?? 0) > 0,
  };
}

/** Cuts the sides into parts, as many on either side. */
function cutUp(sides: readonly Stretches[]): Stretches {
  const wanted = Math.max(leastParts, ...sides.map(({ length }) => length));
  const parts = sides.flatMap((side) =>
    side.flatMap((one) => partsOf(one, Math.ceil(wanted / side.length))),
  );
  return parts.toSorted((one, other) => one.startAt - other.startAt);
}

async function readPage(
  { telemetry, signal }: Pick<ToolContext, 'telemetry' | 'signal'>,
  query: LogsQuery,
): Promise<Page> {
  const { rows, source, truncated, ...asked } = await telemetry.logs(query, signal);
  const { startAt, endAt } = query.window;
  const [firstAt, lastAt] = [rows[0]?.at, rows.at(-1)?.at];
  const shared = { query: asked.query, source };
  if (truncated === null || firstAt === undefined || lastAt === undefined) {
    return { ...shared, rows, covered: query.window, rest: null, isOneInstant: false };
  }
  const isOneInstant = firstAt === lastAt;
  // The records of the last instant may have been torn apart. Instants are exact to the microsecond.
  const nextAt = isOneInstant ? lastAt + 0.001 : lastAt;
  return {
    ...shared,
    isOneInstant,
    rows: isOneInstant ? rows : rows.filter(({ at }) => at < lastAt),
    covered: { startAt, endAt: Math.min(nextAt, endAt) },
    rest: nextAt < endAt ? { startAt: nextAt, endAt } : null,
  };
}

function sayLeft(
  lines: number,
  { isCut, hasSurplus }: { readonly isCut: boolean; readonly hasSurplus: boolean },
): string | null {
  if (isCut) return `read ${lines} log records spread over both sides, not all`;
  return hasSurplus ? `read ${lines} log records: of very many at one instant, not all` : null;
}

/** Words how pages were asked for, from the first page's query. */
export function pagedQuery(firstQuery: string, pages: number): string {
  return pages <= 1 ? firstQuery : `${firstQuery} -- and ${pages - 1} further pages of this window`;
}

/** Splits the context against the healthy times that the case gives of which there are log records, else as `splitContext` does. */
export async function splitLogs(context: ToolContext): Promise<ReturnType<typeof splitContext>> {
  const held = new Set<number>();
  for (const window of givenSplit(context)?.baseline ?? []) {
    const { rows } = await context.telemetry.logs({ window, limit: 1 }, context.signal);
    if (rows.length > 0) held.add(window.startAt);
  }
  return splitContext(context, ({ startAt }) => held.has(startAt));
}
