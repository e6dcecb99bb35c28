import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Coverage } from '../../../core/schemas/digest.ts';
import { coverageSchema } from '../../../core/schemas/digest.ts';
import {
  jsonLines,
  lines,
  manifest,
  never,
  readDir,
  withCase,
  writeCaseFolder,
} from './case-folder.ts';

const minuteMs = 60_000;
const startAt = Date.parse('2026-11-20T09:00:00Z');

async function coverageOf(
  telemetry: readonly string[],
  files: Readonly<Record<string, string>>,
): Promise<readonly Coverage[]> {
  const folder = await writeCaseFolder({ 'incident.yaml': manifest(telemetry), ...files });
  return withCase(folder, (opened) => opened.coverage(never));
}

const iso = (at: number): string => new Date(at).toISOString();

/** One row a minute from `fromMinute` of the window to `untilMinute`. */
function everyMinute(
  fromMinute: number,
  untilMinute: number,
  row: (time: string, index: number) => string,
): string {
  const count = untilMinute - fromMinute;
  return lines(
    ...Array.from({ length: count }, (_none, index) =>
      row(iso(startAt + (fromMinute + index) * minuteMs), index),
    ),
  );
}

const metricsCsv = (from: number, until: number): string =>
  `time,metric,value,service\n${everyMinute(from, until, (time) => `${time},cpu,1,shop`)}`;
const logLines = (from: number, until: number): string =>
  everyMinute(from, until, (time) => JSON.stringify({ time, body: 'x', service: 'shop' }));
const spanLines = (from: number, until: number): string =>
  everyMinute(from, until, (start, index) =>
    JSON.stringify({
      trace_id: 't',
      span_id: String(index),
      start,
      duration_ns: 1,
      service: 'shop',
    }),
  );

const all = [
  'metrics: [{ files: [m.csv], format: csv }]',
  'logs: [{ files: [l.jsonl], format: jsonl }]',
  'traces: [{ files: [t.jsonl], format: jsonl }]',
];

/** The problem of each kind. */
const problems = (coverage: readonly Coverage[]): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(coverage.map(({ kind, problem }) => [kind, problem]));

describe('coverage', () => {
  test('says of each kind what the window holds, whose, and from when to when', async () => {
    const dir = path.resolve('test/fixtures/cases/checkout-errors');
    const coverage = await readDir(dir, (opened) => opened.coverage(never));
    const at = (time: string): number => Date.parse(`2026-11-20T${time}Z`);
    expect(coverage).toEqual([
      {
        kind: 'metrics',
        rows: 7,
        firstAt: at('09:00:00'),
        lastAt: at('09:03:00'),
        services: ['checkout', 'payments'],
        problem: '1 row without a number left out',
      },
      {
        kind: 'logs',
        rows: 3,
        firstAt: at('09:00:10.250'),
        lastAt: at('09:02:12'),
        services: ['checkout', 'payments'],
      },
      {
        kind: 'traces',
        rows: 2,
        firstAt: at('09:00:10.200'),
        lastAt: at('09:00:10.210'),
        services: ['checkout'],
      },
      {
        kind: 'changes',
        rows: 2,
        firstAt: at('09:01:40'),
        lastAt: at('09:01:50'),
        services: ['gateway', 'payments'],
      },
      { kind: 'topology', rows: 1, services: [] },
    ]);
    for (const kind of coverage) expect(coverageSchema.parse(kind)).toEqual(kind);
  });

  test('tells empty files and missing ones from kinds that the case never had', async () => {
    const dir = path.resolve('test/fixtures/cases/quiet-night');
    expect(await readDir(dir, (opened) => opened.coverage(never))).toEqual([
      { kind: 'metrics', rows: 0, services: [], problem: 'no file matches metrics/*.csv.gz' },
      { kind: 'logs', rows: 0, services: [], problem: 'the files are empty' },
    ]);
  });

  test('says nothing where nothing is wrong', async () => {
    const coverage = await coverageOf(all, {
      'm.csv': metricsCsv(0, 60),
      'l.jsonl': logLines(5, 50),
      't.jsonl': spanLines(0, 60),
    });
    expect(problems(coverage)).toEqual({ metrics: undefined, logs: undefined, traces: undefined });
  });

  test('says when all rows lie outside the window', async () => {
    const coverage = await coverageOf(all.slice(1, 2), { 'l.jsonl': logLines(-300, -240) });
    expect(coverage).toEqual([
      {
        kind: 'logs',
        rows: 0,
        services: [],
        problem: 'no row in the window: 60 rows from 2026-11-20T04:00:00Z to 2026-11-20T04:59:00Z',
      },
    ]);
  });

  test('counts what was left out and why', async () => {
    const span = { trace_id: 't', start: iso(startAt) };
    const coverage = await coverageOf(all, {
      'm.csv': lines(
        'time,metric,value',
        ...['NaN', '', 'inf', '1', '1', '2'].map((value) => `${iso(startAt)},cpu,${value}`),
      ),
      'l.jsonl': jsonLines(
        { time: iso(startAt), body: 'x', severity: 'purple' },
        { time: iso(startAt), body: 'x' },
        { time: iso(startAt), body: 'x' },
      ),
      't.jsonl': jsonLines(
        { ...span, span_id: 'a', duration_ns: -5 },
        { ...span, span_id: 'b', end: iso(startAt - 1) },
        { ...span, span_id: 'c', duration_ns: 'NaN' },
        { ...span, span_id: 'd', duration_ns: 1 },
        { ...span, span_id: 'd', duration_ns: 1 },
      ),
    });
    expect(coverage.map(({ kind, rows }) => [kind, rows])).toEqual([
      ['metrics', 1],
      ['logs', 3],
      ['traces', 1],
    ]);
    expect(problems(coverage)).toEqual({
      metrics: '3 rows without a number left out; 2 rows told twice, left out once',
      logs: '1 row with a severity that is no known word',
      traces:
        '1 row without a number left out; 2 rows with a negative duration left out; 1 row told twice, left out once; 1 row without a service',
    });
  });

  test('notices a clock that is an hour ahead or behind', async () => {
    const ahead = await coverageOf(all, {
      'm.csv': metricsCsv(0, 60),
      'l.jsonl': logLines(60, 120),
      't.jsonl': spanLines(0, 60),
    });
    expect(problems(ahead)).toEqual({
      metrics: undefined,
      logs: 'logs are about 60 min ahead of traces; a clock or time zone may be off; no row in the window: 60 rows from 2026-11-20T10:00:00Z to 2026-11-20T10:59:00Z',
      traces: undefined,
    });
    const behind = await coverageOf(all, {
      'm.csv': metricsCsv(-60, 15),
      'l.jsonl': logLines(0, 60),
      't.jsonl': spanLines(0, 75),
    });
    expect(problems(behind)['metrics']).toBe(
      'metrics are about 60 min behind traces; a clock or time zone may be off',
    );
  });

  test('keeps a problem within what a digest takes', async () => {
    const files = Array.from(
      { length: 20 },
      (_none, index) => `a-long-name-of-a-file-that-is-not-there-${index}.jsonl`,
    );
    const [logs] = await coverageOf(
      [`logs: [{ files: [${files.join(', ')}], format: jsonl }]`],
      {},
    );
    expect(logs?.problem).toHaveLength(200);
    expect(logs?.problem?.endsWith('…')).toBe(true);
  });

  test('names at most thirty services, those with the most rows', async () => {
    const rows = Array.from({ length: 40 }, (_none, index) =>
      Array.from({ length: index + 1 }, () => ({
        time: iso(startAt),
        body: 'x',
        service: `s${String(index).padStart(2, '0')}`,
      })),
    ).flat();
    const [logs] = await coverageOf(all.slice(1, 2), { 'l.jsonl': jsonLines(...rows) });
    expect(logs?.services).toEqual(Array.from({ length: 30 }, (_none, index) => `s${index + 10}`));
  });
});
