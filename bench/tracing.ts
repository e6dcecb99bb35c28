import { caseOf } from '../test/support/incidents.ts';
import { investigate, reportOf, startLine } from '../test/support/line.ts';
import { startTraceReceiver } from '../test/support/trace-receiver.ts';
import { median, printFigure, withServers } from './ground.ts';
import type { BenchOptions } from './ground.ts';

const ways = ['off', 'on', 'on with the trace agent'] as const;

/**
 * What tracing costs: the same incident with tracing off, on, and with the trace agent, in turns, so that all three have the same machine; seconds, and the ratio to off.
 */
export function tracing({ liveRuns }: BenchOptions & { readonly liveRuns: number }) {
  return withServers(async ({ databaseUrl, temporalAddress }) => {
    const receiver = await startTraceReceiver();
    const times = new Map<string, number[]>(ways.map((way) => [way, []]));
    for (let run = 0; run <= liveRuns; run += 1) {
      for (const way of ways) {
        const line = await startLine({
          databaseUrl,
          temporalAddress,
          env: environmentOf(way, receiver.url),
        });
        try {
          await investigateOnce(line.url); // what is read for the first time is not counted
          const seconds = await investigateOnce(line.url);
          if (run > 0) times.get(way)?.push(seconds);
        } finally {
          await line.stop();
        }
      }
    }
    await receiver.close();
    const off = median(times.get('off') ?? []);
    for (const way of ways) {
      const seconds = median(times.get(way) ?? []);
      printFigure(
        `tracing ${way}, median of ${liveRuns}`,
        `${seconds.toFixed(2)} s, ${(seconds / off).toFixed(2)} of off`,
      );
    }
    printFigure(
      'spans received by OTLP, and by PATCH',
      `${receiver.spans().length}, ${receiver.patched().length}`,
    );
    return receiver.spans().length > 0 && receiver.patched().length > 0;
  });
}

async function investigateOnce(url: string): Promise<number> {
  const begunAt = performance.now();
  const id = await investigate({ url }, { case: caseOf('bad-deploy') });
  await reportOf({ url }, id);
  return (performance.now() - begunAt) / 1_000;
}

function environmentOf(way: (typeof ways)[number], url: string): Readonly<Record<string, string>> {
  if (way === 'off') return {};
  const exported = { OTEL_EXPORTER_OTLP_ENDPOINT: url };
  if (way === 'on') return exported;
  return {
    ...exported,
    HOLDFAST_TRACE_AGENT: 'true',
    HOLDFAST_TRACE_AGENT_URL: url,
    GOOGLE_CLOUD_PROJECT: 'bench',
    GCE_METADATA_HOST: '127.0.0.1:9',
  };
}
