import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '../scripts/project-root.ts';
import { writeResults } from './results.ts';
import type { ScaleFigures } from './scale/measure.ts';
import type { LargeLogFigures } from './scale/read-large-log.ts';
import type { ToolFigures } from './scale/time-tools.ts';

interface Row {
  readonly what: string;
  readonly kind: 'series' | 'spans';
  readonly count: number;
  /** Seconds of the processor that it may take, and that it should. */
  readonly gate: number;
  readonly aim: number;
}

const rows: readonly Row[] = [
  {
    what: '10,000 series of 1,440 points through what the metrics tools do with them',
    ...{ kind: 'series', count: 10_000, gate: 3, aim: 1 },
  },
  {
    what: '1,000,000 spans to trees, requests, critical paths and the call graph',
    ...{ kind: 'spans', count: 1_000_000, gate: 6, aim: 2 },
  },
];

/** How the analysis does with much telemetry: time and memory, next to one plain pass over the same numbers. Writes its section of docs/results.md. */
export async function scale(): Promise<boolean> {
  const lines: string[] = [];
  let isGood = true;
  for (const row of rows) {
    const figures = await inProcess<ScaleFigures>('measure.ts', [row.kind, row.count]);
    isGood &&= figures.cpuSeconds <= row.gate;
    lines.push(lineOf(row, figures));
  }
  const tools = await inProcess<readonly ToolFigures[]>('time-tools.ts', [toolSeries, toolSpans]);
  const log = await inProcess<LargeLogFigures>('read-large-log.ts', [logLines]);
  isGood &&= log.rareFound === log.rareLines;
  const tables = [
    [...head, ...lines],
    [...toolHead, ...tools.map(toolLine)],
  ];
  const [analysis = '', calls = ''] = tables.map((table) => table.join('\n'));
  const text = [describe(new Date()), analysis, toolText, calls, logText(log)].join('\n\n');
  process.stdout.write(`${text}\n`);
  await writeResults('scale', text);
  return isGood;
}

const toolSeries = 1_000;
const toolSpans = 100_000;
const logLines = 5_000_000;

/** Runs a file of bench/scale in a process of its own, so that memory and the processor's time are of nothing else. */
async function inProcess<Figures>(
  file: string,
  args: readonly (string | number)[],
): Promise<Figures> {
  const child = fork(join(projectRoot(), 'bench', 'scale', file), args.map(String), {
    execArgv: ['--max-old-space-size=8192', '--expose-gc', '--import', 'tsx'],
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${file} ended without figures`);
  });
  const [figures] = (await Promise.race([once(child, 'message'), ended])) as [Figures];
  return figures;
}

const head = [
  '| what | CPU seconds | gate | aim | seconds | one plain pass, CPU seconds | ratio | to hand it to a thread, CPU seconds | memory before, MB | at most, MB | found |',
  '|---|---|---|---|---|---|---|---|---|---|---|',
];

const toolHead = ['| call | CPU seconds | seconds | longest turn, ms |', '|---|---|---|---|'];
const toolLine = ({ call, cpuSeconds, seconds, longestTurnMs }: ToolFigures): string =>
  `| ${call} | ${cpuSeconds.toFixed(2)} | ${seconds.toFixed(2)} | ${longestTurnMs.toFixed(0)} |`;
const toolText = `Calls of tools on a case folder of ${toolSeries} series of 1,440 points and ${toolSpans} spans as CSV, which DuckDB reads; the first of a kind loads its files. A tool
looks at 5,000 series or 150,000 spans at most and says what it left out. The longest turn is the longest that nothing else in the process, such as a heartbeat, had its own.`;

function lineOf({ what, gate, aim }: Row, figures: ScaleFigures): string {
  const { cpuSeconds, seconds, plainCpuSeconds, handOverCpuSeconds, heldBytes, peakBytes, found } =
    figures;
  const cells = [
    what,
    cpuSeconds.toFixed(2),
    String(gate),
    String(aim),
    seconds.toFixed(2),
    plainCpuSeconds.toFixed(3),
    (cpuSeconds / plainCpuSeconds).toFixed(1),
    handOverCpuSeconds.toFixed(2),
    (heldBytes / 1e6).toFixed(0),
    (peakBytes / 1e6).toFixed(0),
    found,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Says what was made of a large log. The command fails where what is new at its end was not found. */
function logText(log: LargeLogFigures): string {
  const { lines, loadSeconds, seconds, cpuSeconds, longestTurnMs, peakBytes } = log;
  const read = log.leftOut ?? 'all of them read';
  return `\`cluster-logs\` on a case folder of ${lines.toLocaleString('en')} log lines as CSV: loaded in ${loadSeconds.toFixed(1)} s, then ${seconds.toFixed(1)} s (${cpuSeconds.toFixed(1)} of the processor), ${read};
${log.templates} templates; of the ${log.rareLines} lines of a new kind in the last hundredth ${log.rareFound} were found as new. Longest turn ${longestTurnMs.toFixed(0)} ms; the process had ${(peakBytes / 1e6).toFixed(0)} MB at most, with
what DuckDB may have for a case.`;
}

function describe(measuredAt: Date): string {
  return `Measured on ${measuredAt.toISOString().slice(0, 10)}, each line in a process of its own that has the telemetry in memory and has not run before. CPU seconds are of all
threads together, with those that collect garbage; a machine that does other work as well adds to the seconds beside them. The plain pass adds up the values of the
same series, or finds the parent of each of the same spans, and does nothing else.`;
}
