import { readFile } from 'node:fs/promises';
import { createLogTally } from '../../core/analysis/logs/log-tally.ts';
import { prepareFreshLines } from './fresh-lines.ts';
import type { LabelledLog } from './read-systems.ts';

/** What a process says of the lines it counted; its processor time is of the counting alone, collection of garbage included. */
export interface Tallied {
  readonly lines: number;
  readonly templates: number;
  readonly seconds: number;
  readonly peakBytes: number;
}

/** Counts fresh repetitions of labelled logs, as the log tool does, until there were so many lines. */
async function tallyMany(file: string, enough: number): Promise<Tallied> {
  const freshen = prepareFreshLines(JSON.parse(await readFile(file, 'utf8')) as LabelledLog[]);
  const tally = createLogTally({
    baseline: { startAt: 0, endAt: enough / 2 },
    after: { startAt: enough / 2, endAt: Number.POSITIVE_INFINITY },
  });
  const rest = { service: 'all', instance: null, severity: null, traceId: null, spanId: null };
  let lines = 0;
  let microseconds = 0;
  for (let round = 0; lines < enough; round += 1) {
    const bodies = freshen(round);
    const before = process.cpuUsage();
    for (const body of bodies) {
      tally.add({ ...rest, body, at: lines, row: lines });
      lines += 1;
    }
    const { user, system } = process.cpuUsage(before);
    microseconds += user + system;
  }
  const templates = tally.counts().length;
  const peakBytes = process.resourceUsage().maxRSS * 1_024;
  return { lines, templates, seconds: microseconds / 1_000_000, peakBytes };
}

const [file = '', enough = ''] = process.argv.slice(2);
process.send?.(await tallyMany(file, Number(enough)));
