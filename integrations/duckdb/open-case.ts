import path from 'node:path';
import type {
  Read,
  RecordKind,
  Records,
  RecordsQuery,
  Telemetry,
} from '../../core/ports/telemetry.ts';
import type { IsoWindow, Window } from '../../core/schemas/primitives.ts';
import { describeCoverage } from './describe-coverage.ts';
import { loadSignal } from './load-signal.ts';
import type { Loaded } from './load-signal.ts';
import { macros } from './macros.ts';
import { openDatabase } from './open-database.ts';
import type { Database } from './open-database.ts';
import { findCase, tableKinds } from './read-case.ts';
import type { FoundCase, TableKind } from './read-case.ts';
import { readRecords } from './read-records.ts';
import { createReader } from './read-rows.ts';
import type { ReaderParts } from './read-rows.ts';
import { readRunbooks } from './read-runbooks.ts';
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

/** The SQL function that gives the last instant of the window: rows without a time were seen then. */
function windowEndMacro({ endAt }: Window): string {
  return `CREATE MACRO window_end() AS ${renderValue(instantValue(endAt))} - INTERVAL 1 MICROSECOND`;
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
    topology: loadOf('topology'),
    alerts: loadOf('alerts'),
    events: loadOf('events'),
    state: loadOf('state'),
    commands: loadOf('commands'),
  };
}

/** Runbooks are documents, read from disk when they are asked for; every other kind is a table. */
function createRecordReader(parts: ReaderParts, { root, files }: FoundCase): Telemetry['records'] {
  const readers: {
    readonly [Kind in RecordKind]: (
      query: RecordsQuery,
      abort: AbortSignal,
    ) => Promise<Read<Records[Kind]>>;
  } = {
    topology: (query, abort) => readRecords(parts, 'topology', query, abort),
    alerts: (query, abort) => readRecords(parts, 'alerts', query, abort),
    events: (query, abort) => readRecords(parts, 'events', query, abort),
    state: (query, abort) => readRecords(parts, 'state', query, abort),
    commands: (query, abort) => readRecords(parts, 'commands', query, abort),
    runbooks: (query, abort) => readRunbooks(root, files.runbooks?.files ?? null, query, abort),
  };
  return (kind, query, abort) => readers[kind](query, abort);
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
  const { onset } = found.manifest;
  const baselines = found.manifest.baselines.map(toWindow);
  const paths = tableKinds
    .flatMap((kind) => found.files[kind]?.files ?? [])
    .map(({ file }) => file);
  const database = await openDatabase({
    files: [...new Set(paths)].map((file) => path.join(found.root, file)),
    prepare: [...macros, insideMacro([window, ...baselines]), windowEndMacro(window)],
    memoryMegabytes: options.memoryMegabytes ?? defaultMemoryMegabytes,
  });
  const loads = createLoads(found, window, database);
  const parts: ReaderParts = {
    database,
    filesOf: (kind) => found.files[kind]?.files ?? null,
    load: (kind, abort) => loads[kind](abort),
  };
  return {
    window,
    baselines,
    candidates: found.manifest.candidates ?? null,
    knownOnsetAt: onset === undefined ? null : Date.parse(onset),
    ...createReader(parts),
    records: createRecordReader(parts, found),
    coverage: (abort) => describeCoverage({ found, window, database, loads }, abort),
    close: () => database.close(),
  };
}
