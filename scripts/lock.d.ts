/** Names a process so that a reused pid is not taken for it: pid and, where the system tells, the instant it was started. */
export function processMark(pid: number): string;

/** Tells whether the process of a mark still runs. An unreadable mark counts as dead. */
export function isAlive(mark: string): boolean;

/**
 * Runs `work` while holding the lock file at `path`, across processes. A holder that died loses the lock. Rejects when it was not to be had
 * within `timeoutMs` (60 s), with the holder's mark in the message.
 */
export function withLock<T>(
  path: string,
  work: () => Promise<T> | T,
  options?: { readonly timeoutMs?: number; readonly onWait?: (holder: string) => void },
): Promise<T>;

/** Gives the system's code of a thrown value, e.g. ENOENT. Not by `instanceof`: errors may come from another realm. */
export function errorCode(error: unknown): unknown;
