import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readCase } from '../../../integrations/duckdb/read-case.ts';
import { manifest, writeCaseFolder } from './case-folder.ts';
import type { CaseFolder } from './case-folder.ts';

const folders: CaseFolder[] = [];

async function makeCase(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = await writeCaseFolder(files);
  folders.push(folder);
  return folder.dir;
}

async function readManifest(...text: readonly string[]): Promise<unknown> {
  return readCase(await makeCase({ 'incident.yaml': text.join('\n') }));
}

afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

const start = ['version: 1', 'name: tried', 'alert: { title: x }'];
const metricsWith = (...mapping: readonly string[]): readonly string[] => [
  'telemetry:',
  '  metrics:',
  '    - files: [a.csv]',
  ...['format: csv', ...mapping].map((line) => `      ${line}`),
];
const window = 'window: { start: 2026-11-20T09:00:00Z, end: 2026-11-20T10:00:00Z }';

describe('readCase', () => {
  test('reads the manifest of a case as it was written, with defaults and severities filled in', async () => {
    const read = await readCase(path.resolve('test/fixtures/cases/checkout-errors'));
    expect(read).toMatchObject({
      version: 1,
      name: 'checkout-errors',
      question: 'Why are checkouts failing?',
      alert: {
        title: 'Checkout error rate above 5 %',
        description: 'Error rate of POST /checkout rose above 5 % for 2 minutes.\n',
        severity: 'critical',
        entity: { kind: 'service', name: 'checkout' },
        startedAt: '2026-11-20T09:02:10Z',
        labels: { team: 'payments', runbook: '17', paged: 'true' },
      },
      window: { start: '2026-11-20T09:00:00Z', end: '2026-11-20T09:04:00Z' },
      candidates: [{ kind: 'service', name: 'payments' }],
    });
  });

  test('reads a manifest with a byte order mark and CRLF', async () => {
    const text = `\uFEFF${manifest().replaceAll('\n', '\r\n')}`;
    await expect(readManifest(text)).resolves.toMatchObject({ name: 'tried' });
  });

  test.each([
    [
      'a window that ends before it starts',
      [...start, 'window:', '  start: 2026-11-20T10:00:00Z', '  end: 2026-11-20T09:00:00Z'],
      'incident.yaml:6: window.end: must be after window.start',
    ],
    ['a missing key', start, 'incident.yaml:1: window: is required'],
    [
      'a missing key further in',
      ['version: 1', 'name: tried', 'alert:', '  severity: error', window],
      'incident.yaml:4: alert.title: is required',
    ],
    [
      'an unknown key',
      [...start, window, 'telemetry:', '  metrics: []', '  profiles: []'],
      'incident.yaml:7: telemetry.profiles: is not a key of the case format',
    ],
    [
      'a text where a list belongs',
      [...start, window, 'telemetry: { logs: logs.jsonl }'],
      'incident.yaml:5: telemetry.logs: must be a list',
    ],
    [
      'a time that is none',
      [...start, 'window:', '  start: yesterday', '  end: 2026-11-20T09:00:00Z'],
      'incident.yaml:5: window.start: must be an ISO 8601 time such as 2026-11-20T10:07:00Z',
    ],
    [
      'another version',
      ['version: 2', ...start.slice(1), window],
      'incident.yaml:1: version: must be 1',
    ],
    [
      'a severity nobody uses',
      ['version: 1', 'name: tried', 'alert:', '  title: x', '  severity: purple', window],
      'incident.yaml:5: alert.severity: "purple" is no known severity; use critical, error, warning or info',
    ],
    [
      'a key given twice',
      [...start, window, 'name: again'],
      'incident.yaml:5: Map keys must be unique',
    ],
    [
      'YAML that ends early',
      [...start, 'window: { start: "2026'],
      /^incident\.yaml:\d+: Missing closing "quote/,
    ],
    ['a manifest that is a list', ['- a', '- b'], 'incident.yaml:1: must be a mapping'],
    ['an empty manifest', [''], 'incident.yaml:1: must be a mapping'],
    ['a NUL byte in it', [...start, window, 'question: "a\0b"'], 'incident.yaml:5: has a NUL byte'],
  ])('names file, line and field of %s', async (_what, text, message) => {
    await expect(readManifest(...text)).rejects.toMatchObject({
      code: 'invalid.case',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  test('gives the place as data too', async () => {
    await expect(readManifest(...start)).rejects.toMatchObject({
      details: { file: 'incident.yaml', line: 1, field: 'window' },
    });
  });

  test.each([
    [
      'a mapped column that is none of ours',
      [...start, window, ...metricsWith('columns: { valu: v }')],
      'incident.yaml:9: telemetry.metrics[0].columns.valu: is not a column of metrics; those are time, metric, value, service, instance, node, peer, statistic, unit, kind, attributes',
    ],
    [
      'a time said twice',
      [...start, window, ...metricsWith('columns: { time: t }', 'time: { column: u }')],
      'incident.yaml:10: telemetry.metrics[0].time.column: says again what columns.time says; keep one',
    ],
    [
      'header rows without a metric',
      [...start, window, ...metricsWith('headers: [service, statistic]')],
      'incident.yaml:9: telemetry.metrics[0].headers: must name a row of metric',
    ],
    [
      'a wide layout of anything but metrics',
      [...start, window, 'telemetry:', '  logs: [{ files: [a.csv], format: csv, layout: wide }]'],
      'incident.yaml:6: telemetry.logs[0].layout: is for metrics only',
    ],
    [
      'a timestamp pattern for a table',
      [...start, window, 'telemetry:', '  logs: [{ files: [a.csv], format: csv, timestamp: x }]'],
      'incident.yaml:6: telemetry.logs[0].timestamp: does not go with csv; what does is columns, time, constants, layout, headers',
    ],
    [
      'a mapping for OTLP',
      [
        ...start,
        window,
        'telemetry:',
        '  logs: [{ files: [a], format: otlp-json, constants: { service: x } }]',
      ],
      'incident.yaml:6: telemetry.logs[0].constants: does not go with otlp-json; what does is none',
    ],
    [
      'a time column of text',
      [
        ...start,
        window,
        'telemetry:',
        '  logs: [{ files: [a], format: text, time: { column: t } }]',
      ],
      'incident.yaml:6: telemetry.logs[0].time.column: has no meaning for text; timestamp finds the time',
    ],
  ])('refuses %s clearly', async (_what, text, message) => {
    await expect(readManifest(...text)).rejects.toMatchObject({ code: 'invalid.case', message });
  });

  describe('an alert in a file of its own', () => {
    const text = ['version: 1', 'name: tried', 'alertFile: alert.json', window].join('\n');
    const read = async (alert: string) =>
      readCase(await makeCase({ 'incident.yaml': text, 'alert.json': alert }));

    test('may be what Alertmanager sends', async () => {
      const payload = {
        version: '4',
        status: 'firing',
        receiver: 'holdfast',
        commonLabels: { alertname: 'HighErrors', severity: 'page', service: 'checkout' },
        commonAnnotations: { description: 'Above 5 %.' },
        alerts: [
          { status: 'resolved', labels: {}, startsAt: '2026-11-20T09:00:00Z' },
          {
            status: 'firing',
            labels: { pod: 'checkout-1' },
            annotations: {},
            startsAt: '2026-11-20T09:31:00.5+01:00',
          },
        ],
      };
      await expect(read(JSON.stringify(payload))).resolves.toMatchObject({
        alert: {
          title: 'HighErrors',
          description: 'Above 5 %.',
          severity: 'critical',
          entity: { kind: 'service', name: 'checkout' },
          startedAt: '2026-11-20T08:31:00.500Z',
          labels: { alertname: 'HighErrors', service: 'checkout' },
        },
      });
    });

    test.each([
      [
        '{"incident": {}}',
        'alert.json: is no webhook payload that is supported; those are Alertmanager (webhook version 4), Grafana. Write the alert under "alert" instead',
      ],
      ['{', 'alert.json: is not valid JSON'],
    ])('is refused when it is %s', async (alert, message) => {
      await expect(read(alert)).rejects.toMatchObject({ code: 'invalid.case', message });
    });

    test('is refused when it is not there or outside', async () => {
      await expect(readManifest(text)).rejects.toMatchObject({
        message: 'incident.yaml:3: alertFile: there is no file alert.json',
      });
      await expect(readManifest(text.replace('alert.json', '../x.json'))).rejects.toMatchObject({
        code: 'invalid.case-path',
      });
    });
  });

  test('refuses a folder without a manifest, and one that is not there', async () => {
    const dir = await makeCase({ 'readme.md': 'nothing' });
    await expect(readCase(dir)).rejects.toMatchObject({
      code: 'invalid.case',
      message: expect.stringMatching(/^incident\.yaml: cannot be read in holdfast-test-case-/),
    });
    await expect(readCase(path.join(dir, 'absent'))).rejects.toMatchObject({
      code: 'not-found.case',
    });
  });

  test('refuses a manifest that is not UTF-8 or too large', async () => {
    const notText = await makeCase({ 'incident.yaml': Buffer.from([0xff, 0xfe, 0x41]) });
    await expect(readCase(notText)).rejects.toMatchObject({
      message: 'incident.yaml: is not UTF-8',
    });
    const large = await makeCase({ 'incident.yaml': `${manifest()}# ${'x'.repeat(1_048_576)}` });
    await expect(readCase(large)).rejects.toMatchObject({
      message: 'incident.yaml: is larger than 1048576 bytes',
    });
  });

  test('refuses a manifest that blows up by aliases', async () => {
    const level = (n: number): string =>
      `l${n}: &l${n} [${Array.from({ length: 9 }, () => `*l${n - 1}`).join(', ')}]`;
    const bomb = ['l0: &l0 [x, x, x, x, x, x, x, x, x]', ...[1, 2, 3, 4, 5, 6, 7, 8].map(level)];
    await expect(readManifest(...bomb)).rejects.toMatchObject({
      code: 'invalid.case',
      message: 'incident.yaml: has too many aliases',
    });
  });
});

describe('the files of a case', () => {
  const naming = (pattern: string): string =>
    manifest([`logs: [{ files: [${JSON.stringify(pattern)}], format: jsonl }]`]);

  test.each([
    ['..', '../outside.jsonl', 'leaves the case folder by ".."'],
    ['.. further in', 'logs/../../outside.jsonl', 'leaves the case folder by ".."'],
    ['an absolute path', '/etc/passwd', 'is an absolute path'],
    ['an absolute path of Windows', 'C:/logs.jsonl', 'is an absolute path'],
    ['an address', 'http://example.com/logs.jsonl', 'is not a path inside the case folder'],
    ['a backslash', '..\\outside.jsonl', 'has a control character or a backslash'],
    ['a NUL byte', 'logs\0.jsonl', 'has a control character or a backslash'],
    ['a wildcard for folders', '**/logs.jsonl', 'has "**"; "*" stands for a part of one name'],
    ['a class of characters', 'logs[12].jsonl', 'has [ ] { or }; only "*" and "?" are wildcards'],
    ['an empty part', 'logs//a.jsonl', 'has an empty part'],
  ])('are refused with %s', async (_what, pattern, says) => {
    await expect(readManifest(naming(pattern))).rejects.toMatchObject({
      code: 'invalid.case-path',
      message: `incident.yaml:6: telemetry.logs[0].files[0]: ${JSON.stringify(pattern)} ${says}`,
    });
  });

  test('are refused when one is a symbolic link, wherever it leads', async () => {
    const dir = await makeCase({ 'incident.yaml': naming('logs.jsonl'), 'inside.jsonl': '' });
    await symlink('/etc/passwd', path.join(dir, 'logs.jsonl'));
    const refused = {
      code: 'invalid.case-path',
      message: expect.stringContaining('"logs.jsonl" is a symbolic link'),
    };
    await expect(readCase(dir)).rejects.toMatchObject(refused);
    await rename(path.join(dir, 'logs.jsonl'), path.join(dir, 'old'));
    await symlink('inside.jsonl', path.join(dir, 'logs.jsonl'));
    await expect(readCase(dir)).rejects.toMatchObject(refused);
  });

  test('are refused when a folder on the way, or a match of a wildcard, is a symbolic link', async () => {
    const dir = await makeCase({ 'incident.yaml': naming('logs/a.jsonl') });
    const outside = await makeCase({ 'a.jsonl': '' });
    await symlink(outside, path.join(dir, 'logs'));
    await expect(readCase(dir)).rejects.toMatchObject({
      code: 'invalid.case-path',
      message: expect.stringContaining('"logs" is a symbolic link'),
    });
    await writeFile(path.join(dir, 'incident.yaml'), naming('*/a.jsonl'));
    await expect(readCase(dir)).rejects.toMatchObject({ code: 'invalid.case-path' });
  });

  test('are refused when the manifest itself is a symbolic link', async () => {
    const other = await makeCase({ 'incident.yaml': manifest() });
    const dir = await makeCase({});
    await symlink(path.join(other, 'incident.yaml'), path.join(dir, 'incident.yaml'));
    await expect(readCase(dir)).rejects.toMatchObject({ code: 'invalid.case-path' });
  });

  test('are refused when one is a folder', async () => {
    const dir = await makeCase({ 'incident.yaml': naming('logs') });
    await mkdir(path.join(dir, 'logs'));
    await expect(readCase(dir)).rejects.toMatchObject({
      code: 'invalid.case-path',
      message: expect.stringContaining('"logs" is not a regular file'),
    });
  });

  test('may be missing: that is a gap, not an error', async () => {
    await expect(readManifest(naming('logs/*.jsonl'))).resolves.toMatchObject({ name: 'tried' });
    await expect(readManifest(naming('logs.jsonl'))).resolves.toMatchObject({ name: 'tried' });
  });
});
