/** What has been asked of one route by one client. */
interface Count {
  readonly route: string;
  readonly client: string;
  requests: number;
  bytesIn: number;
  bytesOut: number;
}

/** Counts requests and bytes, a route and client at a time. */
export interface Counts {
  add(
    route: string,
    client: string,
    bytes: { readonly in: number; readonly out: number },
    isNew?: boolean,
  ): void;
  all(): readonly Readonly<Count>[];
}

export function createCounts(): Counts {
  const counts = new Map<string, Count>();
  return {
    add: (route, client, bytes, isNew = true) => {
      const key = `${route}\n${client}`;
      const count = counts.get(key) ?? { route, client, requests: 0, bytesIn: 0, bytesOut: 0 };
      counts.set(key, count);
      if (isNew) count.requests += 1;
      count.bytesIn += bytes.in;
      count.bytesOut += bytes.out;
    },
    all: () => [...counts.values()],
  };
}
