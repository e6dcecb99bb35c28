import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { runRecorder } from './run-recorder.ts';
import { openTestFolder } from '../support/test-folder.ts';

const seeds = { 'bad-deploy': 715_204_933, healthy: 840_117_265 } as const;
const scenarios = [
  'bad-deploy',
  'slow-dependency',
  'cpu-burn',
  'config-change',
  'memory-leak',
  'connection-pool',
  'traffic-surge',
  'retry-storm',
  'healthy',
  'healthy-2',
  'healthy-3',
  'red-herring',
  'red-herring-2',
  'red-herring-3',
];
const short = ['--baseline', '12', '--fault-seconds', '9', '--warm-up', '2'];

const folders = openTestFolder('record');
let folder: string;
let outDir: string;
let temporaryDir: string;
const names: Record<string, string> = {};

async function readText(name: string, file: string): Promise<string> {
  const bytes = await readFile(path.join(outDir, name, file));
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

async function readRows(name: string, file: string): Promise<readonly Record<string, unknown>[]> {
  const lines = (await readText(name, file)).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** What a recorder left in its temporary folder or still runs from there; the runner's own compile cache is not its. */
async function findRemains(dir: string): Promise<readonly string[]> {
  const files = (await readdir(dir)).filter((name) => !name.startsWith('tsx-'));
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'args']);
  return [...files, ...stdout.split('\n').filter((line) => line.includes(dir))];
}

async function waitUntilNothingRemains(dir: string): Promise<void> {
  const deadlineMs = Date.now() + 60_000;
  for (;;) {
    const remains = await findRemains(dir);
    if (remains.length === 0) return;
    if (Date.now() > deadlineMs) throw new Error(`still there: ${remains.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

beforeAll(async () => {
  folder = folders.open();
  outDir = path.join(folder, 'out');
  temporaryDir = await mkdtemp(path.join(folder, 'tmp-'));
  await chmod(temporaryDir, 0o755);
  await Promise.all(
    Object.entries(seeds).map(async ([fault, seed]) => {
      const args = ['--fault', fault, '--seed', String(seed), '--out', outDir, ...short];
      if (fault === 'healthy') args.push('--history', '2h');
      const { code, stdout, stderr } = await runRecorder(args, temporaryDir).ended;
      if (code !== 0) throw new Error(stderr);
      names[fault] = stdout.trim();
    }),
  );
}, 240_000);

afterAll(() => folders.remove());

describe('a recording', () => {
  test('is a case folder with a window, an alert of the gateway, and no hint of onset', async () => {
    for (const name of Object.values(names)) {
      expect(name).toMatch(/^shop-[0-9a-f]{4}$/);
      const manifest = parse(await readText(name, 'incident.yaml')) as Record<string, unknown>;
      expect(manifest).toMatchObject({
        version: 1,
        name,
        alert: {
          title: 'Gateway: more failed or slow requests than usual',
          entity: { kind: 'service', name: 'gateway' },
        },
      });
      const generated = name === names['healthy'] ? ['baselines'] : [];
      expect(Object.keys(manifest).sort()).toEqual([
        'alert',
        ...generated,
        'name',
        'telemetry',
        'version',
        'window',
      ]);
    }
  });

  test('holds traces that cross all services, logs that name them, and metrics of each', async () => {
    const name = names['healthy'] ?? '';
    const spans = (await readRows(name, 'traces.jsonl.gz')).flatMap((request) =>
      (request as unknown as TraceRequest).resourceSpans.flatMap(({ resource, scopeSpans }) =>
        scopeSpans.flatMap((scope) =>
          scope.spans.map((span) => ({ ...span, service: serviceOf(resource) })),
        ),
      ),
    );
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const edges = new Set(
      spans.flatMap((span) => {
        const parent = byId.get(span.parentSpanId ?? '');
        return parent === undefined ? [] : [`${parent.service}>${span.service}`];
      }),
    );
    for (const edge of [
      'gateway>checkout',
      'gateway>catalog',
      'catalog>cache',
      'checkout>inventory',
      'checkout>payments',
    ]) {
      expect(edges).toContain(edge);
    }
    const logs = await readRows(name, 'logs.jsonl.gz');
    const traceIds = new Set(spans.map(({ traceId }) => traceId));
    const tied = logs.filter(({ trace_id: traceId }) => traceIds.has(String(traceId)));
    expect(tied.length).toBeGreaterThan(logs.length / 2);
    const metrics = (await readText(name, 'metrics.csv.gz')).split('\n');
    for (const service of ['gateway', 'checkout', 'catalog', 'inventory', 'cache', 'payments']) {
      const rows = metrics.filter((line) => line.includes(`,${service},`));
      for (const metric of ['process.cpu.utilization', 'http.server.request.duration']) {
        expect(rows.some((line) => line.includes(metric))).toBe(true);
      }
    }
  });

  test('has its right answer in truth.csv, and nowhere else', async () => {
    const rows = (await readFile(path.join(outDir, 'truth.csv'), 'utf8')).trimEnd().split('\n');
    expect(rows[0]).toBe('case,verdict,entity_kind,entity_names,fault_kind,change_id,onset');
    expect(rows).toHaveLength(3);
    expect(rows).toContain(`${names['healthy']},no-cause-found,,,,,`);
    const bad = rows.find((row) => row.startsWith(`${names['bad-deploy']},`))?.split(',') ?? [];
    const [, verdict, entityKind, service = '', faultKind, changeId, onset = ''] = bad;
    expect([verdict, entityKind, faultKind]).toEqual(['cause-found', 'service', 'bad-deploy']);
    const changes = await readRows(names['bad-deploy'] ?? '', 'changes.jsonl');
    const change = changes.find(({ id }) => id === changeId);
    expect(change).toMatchObject({ kind: 'deploy', service });
    expect(Math.abs(Date.parse(String(change?.['time'])) - Date.parse(onset))).toBeLessThan(2_000);
  });

  test('says neither what was done nor by which seed', async () => {
    for (const name of Object.values(names)) {
      for (const file of await readdir(path.join(outDir, name))) {
        const text = `${file}\n${await readText(name, file)}`;
        for (const word of [
          ...scenarios,
          ...Object.values(seeds).map(String),
          'defect',
          'inject',
        ]) {
          expect({ file, word, isThere: text.includes(word) }).toEqual({
            file,
            word,
            isThere: false,
          });
        }
      }
    }
  });

  test('can be given generated hours before it, which say so', async () => {
    const name = names['healthy'] ?? '';
    const lines = (await readText(name, 'history.csv.gz')).trimEnd().split('\n').slice(1);
    expect(lines).toHaveLength(2 * 120);
    expect(lines.every((line) => line.includes(',shop.requests,'))).toBe(true);
    expect(await readText(name, 'README.md')).toContain('generated');
    const { window, baselines } = parse(await readText(name, 'incident.yaml'));
    expect(baselines).toHaveLength(1);
    expect(baselines[0].end).toBe(window.start);
    expect(lines[0]?.startsWith(baselines[0].start)).toBe(true);
  });

  test('leaves nothing behind', async () => {
    expect(await findRemains(temporaryDir)).toEqual([]);
    expect((await readdir(outDir)).sort()).toEqual([...Object.values(names), 'truth.csv'].sort());
  });
});

describe('the recorder', () => {
  test('lists what it can record', async () => {
    const { code, stdout } = await runRecorder(['--list'], temporaryDir).ended;
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual(scenarios);
  });

  test('says what is wrong with its flags', async () => {
    const { code, stderr } = await runRecorder(
      ['--fault', 'flood', '--seed', '1', '--out', outDir],
      temporaryDir,
    ).ended;
    expect(code).toBe(2);
    expect(stderr).toContain('--fault is "flood"');
  });

  test.each(['SIGINT', 'SIGKILL'] as const)(
    'leaves nothing behind when it gets %s',
    async (signal) => {
      const ownDir = await mkdtemp(path.join(folder, 'tmp-'));
      await chmod(ownDir, 0o755);
      const run = runRecorder(['--fault', 'healthy', '--seed', '1', '--out', outDir], ownDir);
      await run.said('letting users in');
      expect(await findRemains(ownDir)).not.toEqual([]);
      run.process.kill(signal);
      expect((await run.ended).code).not.toBe(0);
      await waitUntilNothingRemains(ownDir);
      expect((await readdir(outDir)).sort()).toEqual([...Object.values(names), 'truth.csv'].sort());
    },
    240_000,
  );
});

interface TraceRequest {
  readonly resourceSpans: readonly {
    readonly resource: Resource;
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly traceId: string;
        readonly spanId: string;
        readonly parentSpanId?: string;
      }[];
    }[];
  }[];
}

interface Resource {
  readonly attributes: readonly {
    readonly key: string;
    readonly value: { readonly stringValue: string };
  }[];
}

function serviceOf(resource: Resource): string {
  return resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
}
