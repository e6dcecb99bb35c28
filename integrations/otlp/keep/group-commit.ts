/** Keeps lines through writes that several of them share. */
export interface GroupCommit {
  /** Resolves once the lines are kept. What comes during a write goes into the next one, together. Rejects when that write fails. */
  append(lines: readonly string[]): Promise<void>;
  /** Does something between two writes, after all that was appended before. */
  between(work: () => Promise<void>): Promise<void>;
}

interface Waiting {
  readonly lines: readonly string[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export function createGroupCommit(write: (lines: Buffer) => Promise<void>): GroupCommit {
  let waiting: Waiting[] = [];
  let turn: Promise<void> = Promise.resolve();
  const writeWaiting = async (): Promise<void> => {
    const group = waiting;
    waiting = [];
    try {
      const lines = group.flatMap((one) => one.lines);
      await write(Buffer.from(`${lines.join('\n')}\n`));
      for (const { resolve } of group) resolve();
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined); // Whoever waits for the work hears of it.
    return done;
  };
  return {
    append: (lines) =>
      new Promise((resolve, reject) => {
        waiting.push({ lines, resolve, reject });
        if (waiting.length === 1) void inTurn(writeWaiting);
      }),
    between: inTurn,
  };
}
