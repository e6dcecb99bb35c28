import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection, JS } from '@duckdb/node-api';
import { AppError } from '../../core/errors.ts';
import { errorMessageOf } from './error-facts.ts';
import { quoteText } from './sql-text.ts';
import type { SqlValues } from './sql-text.ts';

export type Row = Readonly<Record<string, JS>>;

/** A locked-down in-memory database: it reads the files it was opened for and nothing else, and its settings cannot be changed. */
export interface Database {
  /**
   * Runs one statement on a connection of its own and gives all rows. Rejects with the abort reason soon after `signal` fires; the statement
   * is then interrupted.
   */
  run(sql: string, values: SqlValues, signal: AbortSignal): Promise<readonly Row[]>;
  /** As `run`, with each row read by `toAnswer` as it comes; others have their turn meanwhile. */
  read<Answer>(
    sql: string,
    values: SqlValues,
    signal: AbortSignal,
    toAnswer: (row: Row) => Answer,
  ): Promise<readonly Answer[]>;
  /** Interrupts what is running, waits for it and frees the memory. */
  close(): Promise<void>;
}

const interruptEveryMs = 20;

const instanceSettings = {
  threads: '2',
  temp_directory: '',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  allow_persistent_secrets: 'false',
} as const;

/** Last of all, in this order: after it neither files, network nor extensions can be reached, and no statement can undo that. */
function lockStatements(files: readonly string[]): readonly string[] {
  return [
    `SET GLOBAL allowed_paths = [${files.map(quoteText).join(', ')}]`,
    'SET GLOBAL enable_external_access = false',
    'SET GLOBAL lock_configuration = true',
  ];
}

async function runOn<Answer>(
  connection: DuckDBConnection,
  { sql, values, toAnswer }: Statement<Answer>,
): Promise<readonly Answer[]> {
  try {
    const answers: Answer[] = [];
    const result = await connection.run(sql, values);
    for await (const rows of result.yieldRowObjectJs()) {
      for (const row of rows) answers.push(toAnswer(row));
    }
    return answers;
  } catch (error) {
    if (errorMessageOf(error).startsWith('Out of Memory')) {
      const says = 'The telemetry of this case does not fit into the memory a case may use';
      throw new AppError('invalid.case', `${says}; narrow its window or its files`, {
        cause: error,
      });
    }
    throw error;
  }
}

interface Statement<Answer> {
  readonly sql: string;
  readonly values: SqlValues;
  readonly toAnswer: (row: Row) => Answer;
}

/** Runs one statement on a connection of its own, interrupted when one of `signals` fires. */
async function runAlone<Answer>(
  instance: DuckDBInstance,
  statement: Statement<Answer>,
  signals: readonly AbortSignal[],
): Promise<readonly Answer[]> {
  const throwIfAborted = (): void => {
    for (const signal of signals) signal.throwIfAborted();
  };
  throwIfAborted();
  const connection = await instance.connect();
  let timer: NodeJS.Timeout | undefined;
  // An interrupt before the statement has begun is lost, so it is repeated until the statement has ended.
  const interrupt = (): void => {
    connection.interrupt();
    timer ??= setInterval(() => connection.interrupt(), interruptEveryMs);
  };
  for (const signal of signals) signal.addEventListener('abort', interrupt, { once: true });
  try {
    throwIfAborted();
    const answers = await runOn(connection, statement);
    throwIfAborted();
    return answers;
  } catch (error) {
    throwIfAborted();
    throw error;
  } finally {
    clearInterval(timer);
    for (const signal of signals) signal.removeEventListener('abort', interrupt);
    connection.closeSync();
  }
}

/**
 * Opens a database that may read `files` (absolute paths) and runs the statements of `prepare` before it is locked. `memoryMegabytes` bounds
 * what it may hold; nothing is spilt to disk.
 */
export async function openDatabase(options: {
  readonly files: readonly string[];
  readonly prepare: readonly string[];
  readonly memoryMegabytes: number;
}): Promise<Database> {
  const instance = await DuckDBInstance.create(':memory:', {
    ...instanceSettings,
    memory_limit: `${options.memoryMegabytes}MB`,
  });
  const running = new Set<Promise<unknown>>();
  const closing = new AbortController();

  const read: Database['read'] = async (sql, values, signal, toAnswer) => {
    const work = runAlone(instance, { sql, values, toAnswer }, [signal, closing.signal]);
    running.add(work);
    try {
      return await work;
    } finally {
      running.delete(work);
    }
  };

  const run: Database['run'] = (sql, values, signal) => read(sql, values, signal, (row) => row);

  const close = async (): Promise<void> => {
    if (closing.signal.aborted) return;
    closing.abort(new AppError('bug.invariant', 'The case was closed while it was being read'));
    await Promise.allSettled(running);
    instance.closeSync();
  };

  try {
    for (const statement of [...options.prepare, ...lockStatements(options.files)]) {
      await run(statement, {}, closing.signal);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { run, read, close };
}
