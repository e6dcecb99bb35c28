import { join } from 'node:path';
import { keptKinds } from '../../integrations/otlp/kept-segments.ts';
import { linesIn } from '../integrations/otlp/kept-files.ts';
import { eventually } from './line.ts';
import type { Line } from './line.ts';
import type { ReceivedIncident } from './receive-incident.ts';

/** Telemetry on its way in, as an SDK sends it: what was not acknowledged is sent again. */
export interface TelemetryFlow {
  /** Sends so many more pieces, one after the other; resolves once all of them have been acknowledged. */
  send(pieces: number): Promise<void>;
  /** Spans that were acknowledged and are not on the disk. */
  lost(): Promise<readonly string[]>;
}

/** The keys under which a request of each kind has its content. */
const contents = {
  traces: 'resourceSpans',
  metrics: 'resourceMetrics',
  logs: 'resourceLogs',
} as const;
const acknowledgedWithinMs = 60_000;

/** Makes lines ready to be sent in pieces: a line of spans each, and its share of the rest. */
export function createTelemetryFlow(
  line: Pick<Line, 'url' | 'token' | 'stateDir'>,
  lines: ReceivedIncident['lines'],
): TelemetryFlow {
  const pieces = lines.traces.length;
  const acknowledged: string[] = [];
  let next = 0;
  const sendPiece = async (number: number): Promise<void> => {
    for (const kind of keptKinds) {
      const share = lines[kind].length / pieces;
      const part = lines[kind].slice(Math.round(number * share), Math.round((number + 1) * share));
      if (part.length === 0) continue;
      const body = mergeRequests(contents[kind], part);
      await eventually(`${kind} acknowledged`, acknowledgedWithinMs, () => post(line, kind, body));
      if (kind === 'traces') acknowledged.push(...part.flatMap(spanIdsOf));
    }
  };
  return {
    send: async (count) => {
      const from = next;
      next += count;
      if (next > pieces) throw new Error(`there are only ${pieces} pieces to send`);
      for (let number = from; number < from + count; number += 1) await sendPiece(number);
    },
    lost: async () => {
      const kept = await linesIn(join(line.stateDir, 'telemetry'), 'traces');
      const known = new Set(kept.flatMap(spanIdsOf));
      return acknowledged.filter((id) => !known.has(id));
    },
  };
}

function mergeRequests(content: string, lines: readonly string[]): string {
  const parts = lines.flatMap(
    (one) => (JSON.parse(one) as Readonly<Record<string, readonly unknown[]>>)[content] ?? [],
  );
  return JSON.stringify({ [content]: parts });
}

async function post(
  { url, token }: Pick<Line, 'url' | 'token'>,
  kind: string,
  body: string,
): Promise<boolean> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/v1/${kind}`, { method: 'POST', headers, body });
  await response.arrayBuffer();
  return response.ok;
}

function spanIdsOf(text: string): readonly string[] {
  return Array.from(text.matchAll(/"spanId":"([0-9a-f]+)"/g), ([, id = '']) => id);
}
