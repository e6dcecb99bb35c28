/** The requests being served right now; a rollback waits for those that began on the old release. */
export interface InFlight {
  /** Counts a request in; the returned function counts it out, once. */
  readonly begin: () => () => void;
  readonly count: () => number;
  /** Resolves when every request in flight now has ended, or after `limitMs`. */
  readonly drain: (limitMs: number) => Promise<void>;
}

export function createInFlight(): InFlight {
  const open = new Set<Promise<void>>();
  return {
    begin: () => {
      let end: () => void = () => undefined;
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      open.add(ended);
      return () => {
        open.delete(ended);
        end();
      };
    },
    count: () => open.size,
    drain: async (limitMs) => {
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, limitMs);
      });
      await Promise.race([Promise.all(open), limit]);
      clearTimeout(timer);
    },
  };
}
