import type { LogRecord, LogsQuery } from '../core/ports/telemetry.ts';
import type { ToolContext } from '../core/ports/tool.ts';
import type { Window } from '../core/schemas/primitives.ts';
import { givenSplit, splitContext } from './split-context.ts';

const pageRows = 20_000;
const maxRows = 4_000_000;

/** One page of log records with where it came from; `isLast` with `truncated` tells whether more was there to read. */
export interface LogPage {
  readonly rows: readonly LogRecord[];
  readonly query: string;
  readonly source: string;
  readonly truncated: string | null;
}

/**
 * Reads the log records of a window page by page, so that a large log is never in memory whole: 20,000 records a page, 4 million in all. A page
 * begins where the one before ended; of more than a page's records at one instant the surplus is left out.
 */
export async function* readLogPages(
  context: Pick<ToolContext, 'telemetry' | 'signal'>,
  query: Omit<LogsQuery, 'limit' | 'window'>,
  window: Window,
): AsyncGenerator<LogPage> {
  let startAt = window.startAt;
  let count = 0;
  for (;;) {
    const page = await context.telemetry.logs(
      { ...query, window: { startAt, endAt: window.endAt }, limit: pageRows },
      context.signal,
    );
    const lastAt = page.rows.at(-1)?.at;
    const hasMore = page.truncated !== null && lastAt !== undefined;
    const rows =
      hasMore && lastAt > startAt ? page.rows.filter(({ at }) => at < lastAt) : page.rows;
    count += rows.length;
    const isOver = hasMore && count >= maxRows;
    yield {
      rows,
      query: page.query,
      source: page.source,
      truncated: isOver ? `read the first ${count} log records of the window only` : null,
    };
    if (!hasMore || isOver) return;
    // Instants are exact to the microsecond.
    startAt = lastAt > startAt ? lastAt : lastAt + 0.001;
  }
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

/** Words how the pages of a window were asked for, from the first page's query. */
export function pagedQuery(firstQuery: string, pages: number): string {
  return pages <= 1
    ? firstQuery
    : `${firstQuery} -- and ${pages - 1} further pages in order of time`;
}
