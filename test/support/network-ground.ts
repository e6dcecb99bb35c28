import { setTimeout as pause } from 'node:timers/promises';
import type { Report } from '../../core/schemas/report.ts';
import { startFaultyProxy } from './faulty-proxy.ts';
import type { FaultyProxy, NetworkFault } from './faulty-proxy.ts';
import { eventually, eventsOf, reportOf, startLine } from './line.ts';
import type { Line } from './line.ts';
import { feed } from './subject.ts';
import type { Subject } from './subject.ts';

/** The connections between our processes and the servers that they keep their state in. */
export const links = ['api-postgres', 'worker-postgres', 'worker-temporal'] as const;
export type Link = (typeof links)[number];

export const networkFaults: readonly Exclude<NetworkFault, { kind: 'none' }>[] = [
  { kind: 'latency', ms: 300 },
  { kind: 'reset' },
  { kind: 'half-open' },
];

/** The whole product with a relay on each of these connections. */
export interface NetworkGround {
  readonly line: Line;
  /**
   * Starts an investigation, breaks one connection once it has begun to work, and mends it after `lastsMs`; of a live subject telemetry comes in meanwhile.
   * Gives the report, which steps were ended twice, everything that `/health` and `/ready` said meanwhile, and the milliseconds from mending to report.
   */
  investigateUnder(
    subject: Subject,
    how: { readonly link: Link; readonly fault: NetworkFault; readonly lastsMs: number },
  ): Promise<UnderFault>;
  stop(): Promise<void>;
}

export interface UnderFault {
  readonly report: Report;
  readonly endedTwice: readonly string[];
  readonly health: readonly number[];
  readonly ready: readonly number[];
  readonly afterMs: number;
}

export async function startNetworkGround(servers: {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
}): Promise<NetworkGround> {
  const { databaseUrl, temporalAddress } = servers;
  const databasePort = Number(new URL(databaseUrl).port);
  const temporalPort = Number(temporalAddress.split(':').at(-1));
  const proxies: Readonly<Record<Link, FaultyProxy>> = {
    'api-postgres': await startFaultyProxy(databasePort),
    'worker-postgres': await startFaultyProxy(databasePort),
    'worker-temporal': await startFaultyProxy(temporalPort),
  };
  const through = (link: Link): string => {
    const url = new URL(databaseUrl);
    url.host = `127.0.0.1:${proxies[link].port}`;
    return url.href;
  };
  const line = await startLine({
    ...{ temporalAddress, databaseUrl },
    env: { DATABASE_URL: through('api-postgres') },
    workerEnv: {
      DATABASE_URL: through('worker-postgres'),
      TEMPORAL_ADDRESS: `127.0.0.1:${proxies['worker-temporal'].port}`,
    },
  });
  return {
    line,
    investigateUnder: (subject, { link, fault, lastsMs }) =>
      investigateUnder(line, subject, { proxy: proxies[link], fault, lastsMs }),
    stop: async () => {
      for (const proxy of Object.values(proxies)) proxy.set({ kind: 'none' });
      await line.stop();
      await Promise.all(Object.values(proxies).map((proxy) => proxy.close()));
    },
  };
}

async function investigateUnder(
  line: Line,
  subject: Subject,
  {
    proxy,
    fault,
    lastsMs,
  }: { readonly proxy: FaultyProxy; readonly fault: NetworkFault; readonly lastsMs: number },
): Promise<UnderFault> {
  const id = await subject.begin();
  await eventually('some work', 60_000, async () => (await eventsOf(line, id)).length > 4);
  proxy.set(fault);
  const comingIn = feed(line, subject.flow, id);
  const mendAt = Date.now() + lastsMs;
  const [health, ready] = await Promise.all([
    statusesUntil(mendAt, `${line.url}/health`),
    statusesUntil(mendAt, `${line.url}/ready`),
  ]);
  proxy.set({ kind: 'none' });
  const mendedAt = performance.now();
  await comingIn;
  const report = await reportOf(line, id, 120_000);
  const ended = (await eventsOf(line, id)).filter(({ type }) => type === 'ended');
  const keys = ended.map(({ stepKey }) => stepKey);
  return {
    report,
    endedTwice: keys.filter((key, index) => keys.indexOf(key) !== index),
    health,
    ready,
    afterMs: performance.now() - mendedAt,
  };
}

/** Asks again and again until then, and gives each different answer once; what is answered later counts for nothing. */
async function statusesUntil(endsAt: number, url: string): Promise<readonly number[]> {
  const seen = new Set<number>();
  for (let leftMs = endsAt - Date.now(); leftMs > 0; leftMs = endsAt - Date.now()) {
    await fetch(url, { signal: AbortSignal.timeout(leftMs) }).then(
      ({ status }) => seen.add(status),
      () => undefined,
    );
    await pause(100);
  }
  return [...seen];
}
