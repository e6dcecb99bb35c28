/** What a service remembers of the requests it was sent. */
export interface RequestJournal {
  /** Takes note of one request. */
  readonly note: (method: string, path: string) => void;
  /** Sets how many entries are kept of each request from now on; 0 keeps none. */
  readonly keepPerRequest: (entries: number) => void;
}

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly atMs: number;
  readonly step: { readonly index: number; readonly label: string };
}

/** Keeps entries by request and never lets one go: when asked to keep any, the process grows until its heap is full. */
export function createRequestJournal(): RequestJournal {
  const kept = new Map<number, readonly Entry[]>();
  let entriesPerRequest = 0;
  let requests = 0;
  return {
    keepPerRequest: (entries) => {
      entriesPerRequest = entries;
    },
    note: (method, path) => {
      if (entriesPerRequest === 0) return;
      requests += 1;
      const atMs = performance.now();
      kept.set(
        requests,
        Array.from({ length: entriesPerRequest }, (_unused, index) => ({
          method,
          path,
          atMs,
          step: { index, label: `${requests}/${index}` },
        })),
      );
    },
  };
}
