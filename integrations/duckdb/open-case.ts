import path from 'node:path';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import type { IsoWindow, Window } from '../../core/schemas/primitives.ts';
import { describeCoverage } from './describe-coverage.ts';
import { loadSignal } from './load-signal.ts';
import type { Loaded } from './load-signal.ts';
import { macros } from './macros.ts';
import { openDatabase } from './open-database.ts';
import type { Database } from './open-database.ts';
import { findCase, tableKinds } from './read-case.ts';
import type { FoundCase, TableKind } from './read-case.ts';
import { createReader } from './read-rows.ts';
import { createSharedTask } from './shared-task.ts';
import type { SharedTask } from './shared-task.ts';
import { signals } from './signals/signals.ts';
import { instantValue, renderValue } from './sql-text.ts';

const defaultMemoryMegabytes = 1_000;

function toWindow({ start, end }: IsoWindow): Window {
  return { startAt: Date.parse(start), endAt: Date.parse(end) };
}

/** The SQL function that tells whether an instant may be seen: it lies in the window or in a baseline. */
function insideMacro(windows: readonly Window[]): string {
  const parts = windows.map(
    ({ startAt, endAt }) =>
      `(t >= ${renderValue(instantValue(startAt))} AND t < ${renderValue(instantValue(endAt))})`,
  );
  return `CREATE MACRO inside(t) AS (${parts.join(' OR ')})`;
}

type Loads = Readonly<Record<TableKind, SharedTask<Loaded>>>;

/** One load a kind, done once; loads take turns, so that the memory of only one is needed at a time. */
function createLoads(found: FoundCase, window: Window, database: Database): Loads {
  let turn: Promise<unknown> = Promise.resolve();
  const loadOf = (kind: TableKind): SharedTask<Loaded> =>
    createSharedTask((abort) => {
      const loading = turn.then(() => {
        abort.throwIfAborted();
        const files = found.files[kind]?.files ?? [];
        const load = { database, root: found.root, signal: signals[kind], window, abort };
        return loadSignal(load, files);
      });
      turn = loading.catch(() => undefined);
      return loading;
    });
  return {
    metrics: loadOf('metrics'),
    logs: loadOf('logs'),
    traces: loadOf('traces'),
    changes: loadOf('changes'),
  };
}

/** Telemetry of a case folder that holds memory until it is closed. */
export interface OpenCase extends Telemetry {
  /** Interrupts what is running and frees the memory. Nothing may be read afterwards. */
  close(): Promise<void>;
}

/**
 * Opens the case folder `dir` for reading through a locked-down DuckDB. Nothing is loaded yet: each kind is on first use, once, whoever asks, and
 * only rows in the window or a baseline are kept. Rejects like `readCase`; reading rejects with `invalid.case` for a row that cannot be read.
 * `memoryMegabytes` (default 1000) bounds what one case may hold.
 */
export async function openCase(options: {
  readonly dir: string;
  readonly memoryMegabytes?: number;
}): Promise<OpenCase> {
  const found = await findCase(options.dir);
  const window = toWindow(found.manifest.window);
  const paths = tableKinds
    .flatMap((kind) => found.files[kind]?.files ?? [])
    .map(({ file }) => file);
  const database = await openDatabase({
    files: [...new Set(paths)].map((file) => path.join(found.root, file)),
    prepare: [...macros, insideMacro([window, ...found.manifest.baselines.map(toWindow)])],
    memoryMegabytes: options.memoryMegabytes ?? defaultMemoryMegabytes,
  });
  const loads = createLoads(found, window, database);
  const reader = createReader({
    database,
    filesOf: (kind) => found.files[kind]?.files ?? null,
    load: (kind, abort) => loads[kind](abort),
  });
  return {
    window,
    ...reader,
    coverage: (abort) => describeCoverage({ found, window, database, loads }, abort),
    close: () => database.close(),
  };
}
