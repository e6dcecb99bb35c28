import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { listCases } from '../../../integrations/duckdb/find-cases.ts';
import { never, readDir } from './case-folder.ts';

interface TraceRequest {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly object[] }[];
  }[];
}

const folder = path.resolve('examples/incidents');
const names = await listCases(folder);

async function readLines(name: string, file: string): Promise<readonly string[]> {
  const bytes = await readFile(path.join(folder, name, file));
  const text = file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
  return text.toString('utf8').trimEnd().split('\n');
}

function countSpans(line: string): number {
  const request = JSON.parse(line) as TraceRequest;
  return request.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    .length;
}

describe('the bundled recordings', () => {
  test('are there', () => {
    expect(names.length).toBeGreaterThanOrEqual(6);
  });

  test.each(names)('%s is read whole, and nothing is wrong with it', async (name) => {
    const coverage = await readDir(path.join(folder, name), (opened) => opened.coverage(never));
    const [metrics, logs, traces] = await Promise.all(
      ['metrics.csv.gz', 'logs.jsonl.gz', 'traces.jsonl.gz'].map((file) => readLines(name, file)),
    );
    const spans = (traces ?? []).reduce((sum, line) => sum + countSpans(line), 0);
    const rows = Object.fromEntries(coverage.map((kind) => [kind.kind, kind.rows]));
    expect(rows).toMatchObject({
      metrics: (metrics ?? []).length - 1,
      logs: logs?.length,
      traces: spans,
    });
    expect(coverage.map(({ problem }) => problem)).toEqual(coverage.map(() => undefined));
  });
});
