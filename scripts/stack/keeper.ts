import { rmSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { processMark, withLock } from '../lock.js';
import { openLog } from './open-log.ts';
import type { PartOptions } from './parts.ts';
import { servicesFile } from './program-environment.ts';
import { countLeases, stackPaths, writeStackState, type StackState } from './stack-state.ts';
import { startParts, type StackPorts } from './start-parts.ts';
import type { Supervised } from './supervise.ts';
import { watchSources } from './watch-sources.ts';

export interface KeeperOptions {
  readonly stateDir: string;
  /** Runs API and worker from their sources and starts them again when those change. */
  readonly isWatched: boolean;
  readonly ports: StackPorts;
}

const lookMs = 200;
const stopOrder = ['api', 'worker', 'temporal', 'postgres'];

/**
 * Keeps the stack: starts its parts, starts again what dies, and stops everything, API first and PostgreSQL last, when no living process holds a
 * lease any more or a signal asks for it. Runs as a process of its own, so that it outlives whoever needed the stack first.
 */
export async function keepStack(options: KeeperOptions): Promise<void> {
  const { stateDir } = options;
  const log = openLog(stackPaths.log(stateDir, 'stack'));
  const asked = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => asked.abort());
  }
  const book = createBook(stateDir);
  const parts: Supervised[] = [];
  try {
    await startParts({ ...options, book, parts });
    await book.note({ status: 'ready' });
    log(`[keeper] ready: ${book.state().apiUrl}\n`);
    const renew = (names: readonly string[]): void => {
      for (const part of parts) if (names.includes(part.name)) void part.renew();
    };
    const unwatch = options.isWatched ? watchSources(() => renew(['api', 'worker'])) : () => {};
    const services = createChangeDetector(servicesFile(stateDir));
    const look = (): void => {
      // The worker reads the registry when it starts; what it was doing goes on in its next life.
      if (services()) renew(['worker']);
    };
    await untilUnneeded(stateDir, book, asked.signal, look).finally(unwatch);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log(`[keeper] failed: ${reason}\n`);
    await book.note({ status: 'failed', error: reason });
  }
  const place = (part: Supervised): number => stopOrder.indexOf(part.name);
  for (const part of parts.toSorted((a, b) => place(a) - place(b))) {
    log(`[keeper] stopping ${part.name}\n`);
    await part.stop();
  }
  log('[keeper] everything is stopped\n');
  if (book.state().status !== 'failed') rmSync(stackPaths.state(stateDir), { force: true });
}

/** Makes a function that tells whether a file has changed since it was last asked. */
function createChangeDetector(path: string): () => boolean {
  const changedAt = (): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  let last = changedAt();
  return () => {
    const before = last;
    last = changedAt();
    return last !== before;
  };
}

/** Resolves when the stack was marked as stopping: nobody needs it, or a signal asked. Rejects when a part was given up. */
async function untilUnneeded(
  stateDir: string,
  book: Book,
  asked: AbortSignal,
  look: () => void,
): Promise<void> {
  const isNeeded = (): boolean => !asked.aborted && countLeases(stateDir) > 0;
  for (;;) {
    const given = book.givenUp();
    if (given !== null) throw new Error(given);
    if (isNeeded()) {
      look();
      await pause(lookMs);
      continue;
    }
    // Whoever takes a lease does so under this lock and sees the mark, or is seen here.
    const isStopping = await withLock(stackPaths.lock(stateDir), async () => {
      if (isNeeded()) return false;
      await book.note({ status: 'stopping' });
      return true;
    });
    if (isStopping) return;
  }
}

/** Keeps `stack.json` in step with what runs. */
export interface Book {
  state(): StackState;
  /** Writes what has changed; writes are done one after the other. */
  note(change: Partial<StackState>): Promise<void>;
  /** Why a part was given up; null while all live. */
  givenUp(): string | null;
  /** What a part needs so that its lives are noted under `name`. */
  follow(name: string): PartOptions;
}

function createBook(stateDir: string): Book {
  let givenUp: string | null = null;
  let writes: Promise<void> = Promise.resolve();
  let state: StackState = {
    version: 1,
    status: 'starting',
    keeper: processMark(process.pid),
    parts: {},
    apiUrl: '',
    temporalAddress: '',
    temporalUiUrl: null,
    databaseUrl: '',
    error: null,
  };
  const note = (change: Partial<StackState>): Promise<void> => {
    state = { ...state, ...change };
    const written = state;
    writes = writes.then(() => writeStackState(stateDir, written));
    return writes;
  };
  return {
    state: () => state,
    note,
    givenUp: () => givenUp,
    follow: (name) => ({
      stateDir,
      log: openLog(stackPaths.log(stateDir, name)),
      onStart: (pid) => void note({ parts: { ...state.parts, [name]: processMark(pid) } }),
      onGiveUp: (reason) => {
        givenUp = reason;
      },
    }),
  };
}
