import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'yaml';
import type { Series, Span } from '../../core/ports/telemetry.ts';
import type { Window } from '../../core/schemas/primitives.ts';

const cell = (text: string | null): string =>
  text === null ? '' : `"${text.replaceAll('"', '""')}"`;

function* metricRows(all: readonly Series[], startAt: number): Generator<string> {
  yield 'time,value,metric,service,statistic,unit,kind,attributes\n';
  for (const { atMs, values, metric, service, statistic, unit, kind, attributes } of all) {
    const head = [metric, service, statistic, unit, kind, JSON.stringify(attributes)].map(cell);
    yield atMs
      .map((at, index) => `${startAt + at},${values[index] ?? ''},${head.join(',')}\n`)
      .join('');
  }
}

function* spanRows(spans: readonly Span[], startAt: number): Generator<string> {
  yield 'start,duration_ns,trace_id,span_id,parent_span_id,service,name,kind,status,attributes\n';
  for (const span of spans) {
    const { traceId, spanId, parentSpanId, service, name, kind, status, attributes } = span;
    const texts = [traceId, spanId, parentSpanId, service, name, kind, status];
    const numbers = `${startAt + Math.round(span.startAt)},${Math.round(span.durationMs * 1e6)}`;
    yield `${numbers},${[...texts, JSON.stringify(attributes)].map(cell).join(',')}\n`;
  }
}

/** Writes a case of metrics and traces as CSV. Instants of both count from the beginning of the window. */
export async function writeCase(
  dir: string,
  held: {
    readonly series: readonly Series[];
    readonly spans: readonly Span[];
    readonly window: Window;
  },
): Promise<void> {
  const { series, spans, window } = held;
  const write = (name: string, rows: Iterable<string>): Promise<void> =>
    pipeline(Readable.from(rows), createWriteStream(join(dir, name)));
  await write('metrics.csv', metricRows(series, window.startAt));
  await write('traces.csv', spanRows(spans, window.startAt));
  const iso = (at: number): string => new Date(at).toISOString();
  const table = (file: string, column: string) => [
    { files: [file], format: 'csv', time: { column, unit: 'ms' } },
  ];
  const manifest = {
    version: 1,
    name: 'scale',
    alert: { title: 'much telemetry', severity: 'info', startedAt: iso(window.endAt - 1) },
    window: { start: iso(window.startAt), end: iso(window.endAt) },
    telemetry: { metrics: table('metrics.csv', 'time'), traces: table('traces.csv', 'start') },
  };
  await writeFile(join(dir, 'incident.yaml'), stringify(manifest));
}
