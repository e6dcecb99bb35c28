import { createLogTally } from '../../core/analysis/logs/log-tally.ts';

/** What a process says of the lines it counted; its processor time is of the counting alone, collection of garbage included. */
export interface Tallied {
  readonly lines: number;
  readonly templates: number;
  readonly seconds: number;
  readonly peakBytes: number;
}

/** Counts the lines that come in, as the log tool does, half of them before and half after. */
async function tallyMany(expected: number): Promise<Tallied> {
  const tally = createLogTally({
    baseline: [{ startAt: 0, endAt: expected / 2 }],
    after: [{ startAt: expected / 2, endAt: Number.POSITIVE_INFINITY }],
  });
  let lines = 0;
  let microseconds = 0;
  let rest = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) {
    const bodies = (rest + String(chunk)).split('\n');
    rest = bodies.pop() ?? '';
    const before = process.cpuUsage();
    for (const body of bodies) {
      tally.add({
        at: lines,
        body,
        service: 'all',
        instance: null,
        severity: null,
        traceId: null,
        spanId: null,
        row: lines,
      });
      lines += 1;
    }
    const { user, system } = process.cpuUsage(before);
    microseconds += user + system;
  }
  const before = process.cpuUsage();
  const templates = tally.counts().length;
  const { user, system } = process.cpuUsage(before);
  const seconds = (microseconds + user + system) / 1_000_000;
  return { lines, templates, seconds, peakBytes: process.resourceUsage().maxRSS * 1_024 };
}

process.send?.(await tallyMany(Number(process.argv[2])));
process.disconnect();
