import { compareTemplate } from '../../core/analysis/logs/compare-templates.ts';
import { logText } from '../../core/analysis/logs/log-text.ts';
import { maskBody } from '../../core/analysis/logs/mask-body.ts';
import { splitOfRecorded } from '../../core/analysis/split-window.ts';
import type { SplitWindow } from '../../core/analysis/split-window.ts';
import { hullOf, isInside, secondsOf } from '../../core/analysis/stretches.ts';
import { observationOf } from '../../core/observation.ts';
import type { LogRecord } from '../../core/ports/telemetry.ts';
import type { ToolContext } from '../../core/ports/tool.ts';
import type { Observation } from '../../core/schemas/digest.ts';
import type { EvidenceDraft } from '../../core/schemas/evidence.ts';
import type { Window } from '../../core/schemas/primitives.ts';
import type { LinesView } from '../../core/schemas/evidence-views.ts';
import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import { leastScore } from '../compare-metrics.ts';
import { cutText, draftEvidence } from '../draft-evidence.ts';
import type { Provenance } from '../draft-evidence.ts';
import { observedData } from '../observed-data.ts';
import { readLogAttributes } from '../read-log-attributes.ts';
import { pagedQuery, readLogs, splitLogs } from '../read-logs.ts';
import { clockTime, describeWindow } from '../split-context.ts';

const maxLines = 60;
const maxLinesAKind = 5;
const maxNotes = 5;
const maxBodyLength = 2_000;

const inputSchema = z.strictObject({
  service: z.string().min(1).max(120),
  severityAtLeast: z.enum(['warn', 'error']).optional(),
  contains: z.string().min(1).max(200).optional(),
});

/** Keeps the first few lines of each kind that it is given, and tells them in order of time, so that one loud message does not push out the others. */
function createSample(): {
  readonly add: (record: LogRecord) => void;
  readonly lines: () => readonly LogRecord[];
  readonly firsts: () => readonly LogRecord[];
} {
  const kinds = new Map<string, number>();
  const lines: LogRecord[] = [];
  const firsts: LogRecord[] = [];
  return {
    add: (record) => {
      if (lines.length >= maxLines) return;
      const kind = maskBody(record.body);
      const seen = kinds.get(kind) ?? 0;
      if (seen >= maxLinesAKind) return;
      kinds.set(kind, seen + 1);
      lines.push(record);
      if (seen === 0) firsts.push(record);
    },
    lines: () => lines.toSorted((one, other) => one.at - other.at),
    firsts: () => firsts.toSorted((one, other) => one.at - other.at),
  };
}

interface Wanted {
  readonly service: string;
  readonly severityAtLeast?: 'warn' | 'error' | undefined;
  readonly contains?: string | undefined;
}

interface Found {
  readonly before: number;
  readonly after: number;
  readonly lines: readonly LogRecord[];
  readonly firsts: readonly LogRecord[];
  readonly read: Provenance;
  /** The times on either side of which every line was read. */
  readonly covered: SplitWindow;
  readonly truncated: string | null;
}

/** Says in words which lines are asked for. */
function nameLines({ severityAtLeast, contains }: Wanted): string {
  const level = severityAtLeast === undefined ? 'lines' : `${severityAtLeast} lines`;
  return contains === undefined ? level : `${level} containing "${contains}"`;
}

async function findLines(context: ToolContext, wanted: Wanted, split: SplitWindow): Promise<Found> {
  const { baseline, after } = split;
  const text = wanted.contains?.toLowerCase();
  const sample = createSample();
  const counts = { before: 0, after: 0 };
  const { service, severityAtLeast } = wanted;
  const asked = { service, ...(severityAtLeast !== undefined && { severityAtLeast }) };
  const sides = [baseline, after].filter(({ length }) => length > 0);
  const read = await readLogs(context, { ...asked, sides }, (record) => {
    if (text !== undefined && !record.body.toLowerCase().includes(text)) return;
    if (isInside(baseline, record.at)) counts.before += 1;
    if (!isInside(after, record.at)) return;
    counts.after += 1;
    sample.add(record);
  });
  const filter = text === undefined ? '' : ` -- ${nameLines(wanted)}`;
  const { query, pages, source, covered, truncated } = read;
  return {
    ...counts,
    lines: sample.lines(),
    firsts: sample.firsts(),
    read: { query: pagedQuery(query, pages) + filter, source },
    covered: splitOfRecorded(split, truncated === null ? null : covered) ?? split,
    truncated,
  };
}

function observe(wanted: Wanted, found: Found): Observation[] {
  const { baseline, after } = found.covered;
  const compared = compareTemplate(
    { before: found.before, after: found.after, severity: 'warn', dispersion: 1 },
    { secondsBefore: secondsOf(baseline), secondsAfter: secondsOf(after), requests: null },
  );
  if (compared === null || compared.shift.score < leastScore) return [];
  return [
    observationOf({
      entity: { kind: 'service', name: wanted.service },
      aspect: 'log-rate',
      name: nameLines(wanted),
      unit: '{line}/s',
      shift: compared.shift,
    }),
  ];
}

async function linesOf(context: ToolContext, found: Found, service: string): Promise<LinesView> {
  const attributesOf = await readLogAttributes(context, found.lines);
  return {
    linesBefore: found.before,
    linesAfter: found.after,
    lines: found.lines.map((line) => ({
      at: line.at,
      service,
      severity: line.severity,
      body: cutText(line.body, maxBodyLength),
      traceId: line.traceId,
      attributes: attributesOf(line),
    })),
  };
}

async function draft(
  context: ToolContext,
  wanted: Wanted,
  found: Found,
  { window, observations }: { readonly window: Window; readonly observations: Observation[] },
): Promise<EvidenceDraft[]> {
  const { service, severityAtLeast, contains } = wanted;
  const key = [service, severityAtLeast ?? '', contains ?? ''].join('/');
  const shared = { kind: 'logs', read: found.read, window } as const;
  const lines = draftEvidence({
    ...shared,
    key,
    title: `Log ${nameLines(wanted)} of ${service} after the onset`,
    view: 'log-table',
    data: await linesOf(context, found, service),
  });
  if (observations.length === 0) return [lines];
  const rates = draftEvidence({
    ...shared,
    key: `rate of ${key}`,
    title: `How often ${service} wrote ${nameLines(wanted)}, before and after`,
    view: 'table',
    data: observedData(observations),
  });
  return [lines, rates];
}

/** Reads what a service wrote after the onset, as it was written. */
export const readLogLines = defineTool({
  name: 'read-log-lines',
  description:
    'Quotes log lines of one service after the suspected onset, optionally of a least severity or containing a text (plain, not a pattern; case matters not), with counts before and after.',
  input: inputSchema,
  effect: 'read',
  needs: 'logs',
  timeoutMs: 60_000,
  run: async (wanted, context) => {
    const { split } = await splitLogs(context);
    const { window } = context;
    const windows = split ?? {
      baseline: [],
      after: [window],
    };
    const found = await findLines(context, wanted, windows);
    const said = `${wanted.service}: ${found.after} ${nameLines(wanted)} in ${describeWindow(hullOf(windows.after))} UTC, ${found.before} in ${describeWindow(hullOf(windows.baseline))}`;
    const quoted = found.firsts
      .slice(0, maxNotes)
      .map(({ at, severity, body }) => `${clockTime(at)} ${severity ?? ''}: ${logText(body)}`);
    const observations = split === null ? [] : observe(wanted, found);
    return {
      ok: true,
      digest: {
        observations,
        notes: [said, ...quoted].map((note) => cutText(note, 240)),
        ...(found.truncated === null ? {} : { truncated: found.truncated }),
      },
      evidence: await draft(context, wanted, found, {
        window: hullOf(windows.after),
        observations,
      }),
    };
  },
});
