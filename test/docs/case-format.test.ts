import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { investigateDirectly } from '../../bench/direct/investigate-directly.ts';
import { caseManifestSchema } from '../../core/schemas/case.ts';
import { runHere } from '../cli/run-here.ts';
import {
  readDir,
  readLogs,
  readMetrics,
  writeCaseFolder,
} from '../integrations/duckdb/case-folder.ts';
import type { CaseFolder } from '../integrations/duckdb/case-folder.ts';

function blocksOf(page: string): ReadonlyMap<string, string> {
  const text = readFileSync(join(import.meta.dirname, '../../docs', page), 'utf8');
  const blocks = text.matchAll(/^```\w+ (\S+)\n([^]*?)^```$/gm);
  return new Map([...blocks].map(([, name = '', body = '']) => [name, body]));
}

const folders: CaseFolder[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

async function makeFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await writeCaseFolder(files);
  folders.push(folder);
  return folder.dir;
}

describe('docs/case-format.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/case-format.md'), 'utf8');
  const blocks = blocksOf('case-format.md');

  /** A case of the mapping called `name` and its one file. */
  async function caseOf(name: string, file: string): Promise<string> {
    const mapping = blocks.get(name) ?? '';
    const telemetry = mapping.replaceAll(/^/gm, '  ');
    const head = 'version: 1\nname: tried\nalert: { title: x }\n';
    const window = 'window: { start: 2026-11-20T09:00:00Z, end: 2026-11-20T11:00:00Z }\n';
    return makeFolder({
      'incident.yaml': `${head}${window}telemetry:\n${telemetry}`,
      [file]: blocks.get(file) ?? '',
    });
  }

  test('shows a manifest that is one', () => {
    const [, manifest = ''] = /^```yaml\n([^]*?)^```$/m.exec(page) ?? [];
    expect(caseManifestSchema.parse(parse(manifest))).toMatchObject({
      name: 'checkout-bad-deploy',
    });
  });

  test.each([
    [
      'mapped',
      'redis.csv',
      [
        {
          metric: 'memory',
          service: 'redis',
          instance: 'redis-0',
          values: [12],
          attributes: { region: 'eu' },
        },
      ],
    ],
    [
      'wide',
      'pod.csv',
      [
        { metric: 'cpu', instance: 'cart-1', values: [0.4] },
        { metric: 'memory', instance: 'cart-1', values: [200] },
      ],
    ],
    [
      'headers',
      'grid.csv',
      [
        { service: 'shop', metric: 'latency', statistic: 'avg', values: [0.1] },
        { service: 'shop', metric: 'latency', statistic: 'p90', values: [0.3] },
      ],
    ],
  ])('shows metrics that are %s as they are read', async (name, file, rows) => {
    const read = await readDir(await caseOf(name, file), readMetrics);
    expect(read.rows).toMatchObject(rows);
    expect(new Set(read.rows.flatMap(({ atMs }) => atMs))).toEqual(
      new Set([Date.parse('2026-11-20T10:00:00Z')]),
    );
  });

  test('shows a text log as it is read', async () => {
    const { rows } = await readDir(await caseOf('text', 'app.log'), readLogs);
    expect(rows).toMatchObject([
      {
        at: Date.parse('2026-11-20T10:00:00.250Z'),
        severity: 'error',
        service: 'shop',
        body: 'cannot buy\njava.lang.IllegalStateException: sold out',
      },
    ]);
  });
});

describe('docs/guides/add-a-case.md', () => {
  const blocks = blocksOf('guides/add-a-case.md');
  const files = Object.fromEntries(
    [...blocks].flatMap(([path, text]) => {
      const [, name] = /^cache-outage\/(.+)$/.exec(path) ?? [];
      return name === undefined ? [] : [[name, text]];
    }),
  );

  test('makes a case that checks as the page says', async () => {
    const dir = await makeFolder(files);
    const { code, stdout } = await runHere(['case', 'check', dir], {});
    for (const line of (blocks.get('output') ?? '').trim().split('\n')) {
      expect(stdout).toContain(line.replace(/\.$/, ''));
    }
    expect(code).toBe(0);
  });

  test('makes a case whose cause is named', async () => {
    const { report } = await investigateDirectly(await makeFolder(files));
    expect(report).toMatchObject({
      verdict: 'cause-found',
      causes: [{ entity: { kind: 'service', name: 'cache' }, faultKind: 'memory-exhaustion' }],
    });
  });
});
