import type { Change, LogRecord, Series, Span } from '../../core/ports/telemetry.ts';
import type { Window } from '../../core/schemas/primitives.ts';
import { openCase } from '../../integrations/duckdb/open-case.ts';

/** What a case folder holds, all of it in memory. */
export interface World {
  readonly window: Window;
  readonly series: readonly Series[];
  readonly logs: readonly (LogRecord & { readonly attributes: Readonly<Record<string, string>> })[];
  readonly spans: readonly Span[];
  readonly changes: readonly Change[];
}

const limit = 1_000_000;

/** Reads a case folder with the reader of the product: what it leaves out is not here either. */
export async function readWorld(caseDir: string): Promise<World> {
  const opened = await openCase({ dir: caseDir });
  const { signal } = new AbortController();
  try {
    const windows = [...opened.baselines, opened.window];
    const world = { window: opened.window, series: [], logs: [], spans: [], changes: [] };
    const all = await Promise.all(windows.map((window) => readWindow(opened, window, signal)));
    return {
      ...world,
      series: all.flatMap(({ series }) => series),
      logs: all.flatMap(({ logs }) => logs),
      spans: all.flatMap(({ spans }) => spans),
      changes: all.flatMap(({ changes }) => changes),
    };
  } finally {
    await opened.close();
  }
}

async function readWindow(
  opened: Awaited<ReturnType<typeof openCase>>,
  window: Window,
  signal: AbortSignal,
): Promise<Omit<World, 'window'>> {
  const query = { window, limit };
  const logs = (await opened.logs(query, signal)).rows;
  const attributes = await opened.logAttributes(
    logs.map(({ row }) => row),
    signal,
  );
  return {
    series: (await opened.metrics(query, signal)).rows,
    logs: logs.map((log) => ({ ...log, attributes: attributes.get(log.row) ?? {} })),
    spans: (await opened.spans(query, signal)).rows,
    changes: (await opened.changes(query, signal)).rows,
  };
}
