import { describe, expect, test } from '@jest/globals';
import { effectsOf } from '../../../../core/analysis/changes/diff-effects.ts';
import { parseDiff } from '../../../../core/analysis/changes/parse-diff.ts';
import { cpuMs } from '../../../support/cpu-ms.ts';

const kindsOf = (diff: string, file = 'services/ledger/client.go'): readonly string[] =>
  effectsOf(parseDiff(diff, [file])).map(({ kind }) => kind);

// What a reviewer would say that such lines do, in the languages in which they are written.
describe('the effect of a diff', () => {
  test.each([
    ['less-time', '-  timeout: 30s\n+  timeout: 500ms'],
    [
      'less-time',
      '-ctx, cancel := context.WithTimeout(ctx, 5*time.Second)\n+ctx, cancel := context.WithTimeout(ctx, 200*time.Millisecond)',
    ],
    ['less-time', '-    READ_TIMEOUT_MS = 3000\n+    READ_TIMEOUT_MS = 60'],
    [
      'fewer-attempts',
      '-var policy = Policy{MaxAttempts: 8, Base: 5}\n+var policy = Policy{MaxAttempts: 2}',
    ],
    ['more-attempts', '-  maxRetries: 3\n+  maxRetries: 12'],
    ['more-attempts', '-  retryBackoff: 2s\n+  retryBackoff: 10ms'],
    ['less-capacity', '-const defaultMaxConns = 50\n+const defaultMaxConns = 10'],
    ['less-capacity', '-    memory: 1Gi\n+    memory: 128Mi'],
    ['less-capacity', '-  "workerThreads": 32,\n+  "workerThreads": 4,'],
    ['more-capacity', '-batch_size = 100\n+batch_size = 5000'],
    ['shorter-life', '-  default_ttl: 15m\n+  default_ttl: 15s'],
    [
      'check-removed',
      '-\tif reply.Address == nil {\n-\t\treturn ""\n-\t}\n \treturn reply.Address.City',
    ],
    ['check-removed', '-  return order?.customer?.name ?? "";\n+  return order.customer.name;'],
    ['bound-removed', '-  ORDER BY at DESC\n-  LIMIT 50\n+  ORDER BY at DESC'],
    ['cleanup-removed', ' rows, err := db.Query(q)\n-defer rows.Close()'],
    [
      'calls-in-loop',
      ' for _, line := range cart.Lines {\n+\titem, err := catalog.GetItem(ctx, line.SKU)\n }',
    ],
    ['calls-in-loop', ' for (const id of ids) {\n+  rows.push(await repository.findOne(id));\n }'],
    ['lock-added', '+ALTER TABLE payments ADD COLUMN note text;'],
    ['schema-changed', '+ALTER TABLE payments DROP COLUMN note;'],
    ['pattern-added', "+const re = new RegExp('^(a+)+$');"],
    ['address-changed', '-host: "ledger.prod.svc:5432"\n+host: "ledger.production.svc:5432"'],
    ['access-changed', '-  audience: "payments"\n+  audience: "billing"'],
    ['switched', '-  cacheEnabled: true\n+  cacheEnabled: false'],
  ])('%s', (kind, diff) => {
    expect(kindsOf(diff)).toContain(kind);
  });

  test('a version of what is used, where package managers keep it', () => {
    const diff = '-\tgoogle.golang.org/grpc v1.61.1\n+\tgoogle.golang.org/grpc v1.70.0';
    expect(effectsOf(parseDiff(diff, ['go.mod']))).toEqual([
      {
        kind: 'dependency-bumped',
        says: 'takes “google.golang.org/grpc” from “1.61.1” to “1.70.0”',
        words: ['grpc'],
      },
    ]);
  });

  test.each([
    ['a longer time', '-  timeout: 3s\n+  timeout: 5s'],
    ['one attempt more', '-  maxRetries: 3\n+  maxRetries: 4'],
    ['how long a connection is kept', '-  MaxConnIdleTime: 5m\n+  MaxConnIdleTime: 3m'],
    [
      'numbers that only move',
      '-a := &Client{Timeout: 5 * time.Second, MaxIdle: 64}\n+a := New(Options{Timeout: 5 * time.Second, MaxIdle: 64})',
    ],
    [
      'errors that are handled elsewhere',
      '-\tif err != nil {\n-\t\treturn err\n-\t}\n-\treturn nil\n+\treturn err',
    ],
    [
      'what is logged',
      '-  log.Debug("leader elected", term)\n+  log.Info("leader elected", term, node)',
    ],
    [
      'a loop that called before',
      ' for _, id := range ids {\n-\ta, err := db.Find(ctx, id)\n+\tb, err := db.Find(ctx, id)\n }',
    ],
  ])('is none for %s', (_what, diff) => {
    expect(kindsOf(diff)).toEqual([]);
  });

  test('is found in linear time, whatever a line looks like', () => {
    const lines = [
      'a'.repeat(50_000),
      '(a+'.repeat(20_000),
      'x = '.repeat(10_000),
      '1_'.repeat(20_000),
      '"'.repeat(50_000),
    ];
    const diff = lines.flatMap((line) => [`-${line}`, `+for ${line}`, `+ ${line}1`]).join('\n');
    expect(cpuMs(() => effectsOf(parseDiff(diff, ['go.mod'])))).toBeLessThan(2_000);
  });
});

test('a diff is taken apart by file, also where its heads name files instead of positions', () => {
  const unified = '--- a/pkg/one.go\n+++ b/pkg/one.go\n@@ -1,2 +1,2 @@\n-old\n+new\n same';
  expect(parseDiff(unified)).toEqual([
    { file: 'pkg/one.go', removed: ['old'], added: ['new'], after: ['new', 'same'] },
  ]);
  const short = '@@ pkg/one.go @@\n+a\n@@ pkg/two.go: func Two() {\n-b';
  expect(parseDiff(short, ['pkg/one.go', 'pkg/two.go']).map(({ file }) => file)).toEqual([
    'pkg/one.go',
    'pkg/two.go',
  ]);
});
