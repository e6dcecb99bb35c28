import { readFileSync } from 'node:fs';
import { caseOf } from '../test/support/incidents.ts';
import { investigate, reportOf, startLine } from '../test/support/line.ts';
import type { Line } from '../test/support/line.ts';
import { startTraceReceiver } from '../test/support/trace-receiver.ts';
import { median, printFigure, withServers } from './ground.ts';
import type { BenchOptions } from './ground.ts';

const ways = ['off', 'on', 'on with the trace agent'] as const;
const investigationsOfEach = 3;

/** What one investigation took. */
interface Taken {
  readonly seconds: number;
  /** Of API and worker together; NaN where the system does not tell. */
  readonly cpuSeconds: number;
}

/**
 * What tracing costs: the same incident with tracing off, on, and on with the trace agent, in turns, so that all have the same machine; as ratios to off.
 * Time on the clock is mostly spent on waiting, so the time of the processor is what tells.
 */
export function tracing({ liveRuns }: BenchOptions & { readonly liveRuns: number }) {
  return withServers(async ({ databaseUrl, temporalAddress }) => {
    const receiver = await startTraceReceiver();
    const taken = new Map<string, Taken[]>(ways.map((way) => [way, []]));
    for (let run = 1; run <= liveRuns; run += 1) {
      for (const way of ways) {
        const env = environmentOf(way, receiver.url);
        const line = await startLine({ databaseUrl, temporalAddress, env });
        try {
          await measure(line); // what is read for the first time is not counted
          for (let count = 1; count <= investigationsOfEach; count += 1) {
            taken.get(way)?.push(await measure(line));
          }
        } finally {
          await line.stop();
        }
      }
    }
    await receiver.close();
    const medianOf = (way: string, what: keyof Taken): number =>
      median((taken.get(way) ?? []).map((one) => one[what]));
    for (const what of ['seconds', 'cpuSeconds'] as const) {
      for (const way of ways) {
        const own = medianOf(way, what);
        printFigure(
          `tracing ${way}: ${what}, median of ${liveRuns * investigationsOfEach}`,
          `${own.toFixed(2)}, ${(own / medianOf('off', what)).toFixed(2)} of off`,
        );
      }
    }
    const counts = [receiver.spans().length, receiver.patched().length];
    printFigure('spans received by OTLP, and by PATCH', counts.join(', '));
    return counts.every((count) => count > 0);
  });
}

async function measure(line: Line): Promise<Taken> {
  const begunAt = performance.now();
  const before = cpuSecondsOf(line);
  const id = await investigate(line, { case: caseOf('bad-deploy') });
  await reportOf(line, id);
  const seconds = (performance.now() - begunAt) / 1_000;
  return { seconds, cpuSeconds: cpuSecondsOf(line) - before };
}

/** Linux counts in hundredths of a second, in the 14th and 15th column; the second, in brackets, is a name. */
function cpuSecondsOf(line: Line): number {
  const pids = [line.api.pid(), line.worker()?.pid()];
  const ticks = pids.map((pid) => {
    try {
      const [, columns = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) /);
      const [user, system] = columns.split(' ').slice(11, 13).map(Number);
      return (user ?? Number.NaN) + (system ?? Number.NaN);
    } catch {
      return Number.NaN; // no Linux
    }
  });
  return ticks.reduce((sum, one) => sum + one, 0) / 100;
}

function environmentOf(way: (typeof ways)[number], url: string): Readonly<Record<string, string>> {
  if (way === 'off') return {};
  const exported = { OTEL_EXPORTER_OTLP_ENDPOINT: url };
  if (way === 'on') return exported;
  return {
    ...exported,
    HOLDFAST_TRACE_AGENT: 'true',
    HOLDFAST_GOOGLE_ENDPOINT: url,
    GOOGLE_CLOUD_PROJECT: 'bench',
    GCE_METADATA_HOST: '127.0.0.1:9',
  };
}
