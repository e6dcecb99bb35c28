import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { convertRootCauseBench, feedRows } from '../../../../bench/rca/convert/root-cause-bench.ts';
import { openCase } from '../../../../integrations/duckdb/open-case.ts';

const files = {
  'ground_truth.json': {
    ...{ scenario: 'oops', root_cause_commit: 'c2', first_failing_service: 'shop' },
    ...{ decoy_deploy_commits: ['c1'], notes: 'the timeout went down' },
  },
  'data/alert.json': {
    ...{ service: 'shop', metric: 'error_ratio', threshold: 0.02, observed: 0.5 },
    ...{ fired_at: '2026-06-18T15:06:00Z', severity: 'critical', monitor: 'shop-errors' },
    ...{ summary: 'the timeout went down', detail: 'it is the timeout' },
  },
  'data/metrics.csv':
    'timestamp,service,metric,value\n2026-06-18T14:00:00Z,shop,error_ratio,0\n2026-06-18T15:06:00Z,cart,error_ratio,0.5\n',
  'data/logs.ndjson':
    '{"timestamp":"2026-06-18T15:05:00Z","service":"shop","severity_text":"ERROR","msg":"gone"}\n',
  'data/traces.json': [
    {
      ...{ trace_id: 't', span_id: 'a', parent_id: null, service: 'shop', name: 'GET /' },
      ...{ start: '2026-06-18T15:05:00Z', duration_ms: 20, status: 'ERROR' },
    },
  ],
  'data/patterns.json': [{ signature: 'gone', count: 3 }],
  'data/context/commits.json': [
    {
      ...{ sha: 'c2', author: 'a', timestamp: '2026-06-18T13:58:00Z', message: 'tune' },
      ...{ files_changed: ['shop/x.go'], diff: '-5s\n+5ms' },
    },
  ],
  'data/context/deploys.json': [
    { timestamp: '2026-06-18T14:50:00Z', service: 'gate', commit_sha: 'c2', version: 'v2' },
  ],
  'data/context/flags.json': [
    {
      ...{ timestamp: '2026-06-18T14:45:00Z', flag: 'f', service: 'shop', change: 'off->on' },
      actor: 'b',
    },
  ],
};

describe('convertRootCauseBench', () => {
  let dir = '';

  beforeEach(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'holdfast-rcb-'));
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(dir, 'from', 'oops', name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    }
    await mkdir(path.join(dir, 'to'));
  });

  afterEach(() => rm(dir, { recursive: true, force: true }));

  const convert = () =>
    convertRootCauseBench({ from: path.join(dir, 'from'), to: path.join(dir, 'to') });

  test('keeps the answer for the scorer and out of the case', async () => {
    expect(await convert()).toEqual([
      {
        ...{ name: 'rcb-01', origin: 'oops', fault: 'change', onset: null },
        ...{ entityNames: ['gate', 'shop'], candidates: 2, culprit: 'c2', decoys: ['c1'] },
      },
    ]);
    const manifest = await readFile(path.join(dir, 'to', 'rcb-01', 'incident.yaml'), 'utf8');
    expect(manifest).not.toMatch(/oops|timeout/);
  });

  test('makes a case that can be read: a deploy is known by its commit', async () => {
    await convert();
    const opened = await openCase({ dir: path.join(dir, 'to', 'rcb-01') });
    try {
      const signal = new AbortController().signal;
      const { window } = opened;
      const changes = await opened.changes({ window, limit: 9 }, signal);
      expect(changes.rows.map(({ kind, id, title }) => [kind, id, title])).toEqual([
        ['commit', 'c2', 'tune'],
        ['flag', 'f@2026-06-18T14:45:00Z', 'f off->on'],
        ['deploy', 'c2', 'v2'],
      ]);
      const spans = await opened.spans({ window, limit: 9 }, signal);
      expect(spans.rows.map(({ service, status }) => [service, status])).toEqual([
        ['shop', 'error'],
      ]);
      const logs = await opened.logs({ window, limit: 9 }, signal);
      expect(logs.rows.map(({ body, severity }) => [body, severity])).toEqual([['gone', 'error']]);
      expect((await opened.metrics({ window, limit: 9 }, signal)).rows).toHaveLength(2);
    } finally {
      await opened.close();
    }
  });
});

describe('feedRows', () => {
  test('what operates normally is normal, an incident is not', () => {
    const event = {
      ...{ service: 'Storage', region: 'r', title: 't', detail: 'd' },
      ...{ started_at: 'a', updated_at: 'b' },
    };
    const { events } = feedRows({
      provider: 'pay',
      events: [{ ...event, status: 'operating-normally' }],
      incidents: [
        {
          ...{ name: 'Charges fail', impact: 'major', started_at: 'a' },
          updates: [{ timestamp: 'c', body: 'looking' }],
        },
      ],
    });
    expect(events.map(({ name, type, message }) => [name, type, message])).toEqual([
      ['Storage', 'Normal', 't (r): d'],
      ['pay', 'Warning', 'Charges fail: looking'],
    ]);
  });
});
