import { afterEach, describe, expect, test } from '@jest/globals';
import { caseCheckSchema } from '../../core/schemas/case-check.ts';
import type { CaseCheck } from '../../core/schemas/case-check.ts';
import { writeCaseFolder } from '../integrations/duckdb/case-folder.ts';
import type { CaseFolder } from '../integrations/duckdb/case-folder.ts';
import { runHere } from './run-here.ts';

const folders: CaseFolder[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

async function check(files: Readonly<Record<string, string>>, ...options: readonly string[]) {
  const folder = await writeCaseFolder(files);
  folders.push(folder);
  return runHere(['case', 'check', folder.dir, ...options], { PATH: process.env['PATH'] ?? '' });
}

const head = [
  'version: 1',
  'name: tried',
  'alert: { title: Slow, startedAt: 2026-11-20T09:30:00Z }',
];
const window = 'window: { start: 2026-11-20T09:00:00Z, end: 2026-11-20T10:00:00Z }';

describe('holdfast case check', () => {
  test('names every mistake of a manifest with its line and what to do, and exits 2', async () => {
    const manifest = [
      ...head,
      'window: { start: yesterday, end: 2026-11-20T10:00:00Z }',
      'telemetry:',
      '  metrics: [{ files: [a.csv], format: xml }]',
      '  profiles: []',
    ].join('\n');
    const { code, stdout, stderr } = await check({ 'incident.yaml': manifest });
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^error {2}incident.yaml:4: window.start: must be an ISO 8601 time/),
      expect.stringMatching(
        /^error {2}incident.yaml:6: telemetry.metrics\[0\].format: must be one of/,
      ),
      'error  incident.yaml:7: telemetry.profiles: is not a key of the case format. Correct the named file, line and field of the case folder.',
      expect.stringMatching(/cannot be read: 3 errors\.$/),
      '',
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(2);
  });

  test('names the first wrong row of each kind of telemetry', async () => {
    const manifest = [
      ...head,
      window,
      'telemetry:',
      '  metrics: [{ files: [a.csv], format: csv }]',
      '  logs: [{ files: [b.jsonl], format: jsonl }]',
    ].join('\n');
    const { code, stdout } = await check(
      {
        'incident.yaml': manifest,
        'a.csv': 'time,metric,value\n2026-11-20T09:00:00Z,cpu,much\n',
        'b.jsonl': '{"time":"2026-11-20T09:00:00Z","body":"x"}\n{"body":"y"}\n',
      },
      '--json',
    );
    const { isReadable, remarks } = caseCheckSchema.parse(JSON.parse(stdout));
    expect(isReadable).toBe(false);
    expect(remarks).toMatchObject([
      { level: 'error', file: 'a.csv', line: 2, field: 'value', says: '"much" is not a number' },
      { level: 'error', file: 'b.jsonl', line: 2, field: 'time', says: 'is required' },
    ]);
    expect(code).toBe(2);
  });

  test('says what a readable case lacks, and exits 0', async () => {
    const manifest = [
      'version: 1',
      'name: tried',
      'alert: { title: Slow, entity: { kind: service, name: shop } }',
      window,
      'onset: 2026-11-20T08:00:00Z',
      'candidates: [{ kind: service, name: cart }, { kind: service, name: moon }]',
      'telemetry:',
      '  metrics: [{ files: [a.csv, none.csv], format: csv }]',
      '  logs: [{ files: [b.jsonl], format: jsonl }]',
    ].join('\n');
    const { code, stdout } = await check(
      {
        'incident.yaml': manifest,
        'a.csv': 'time,metric,value,service\n2026-11-20T09:20:00Z,cpu,1,cart\n',
        'b.jsonl': '{"time":"2026-11-20T08:00:00Z","body":"x"}\n',
        'truth.csv': 'case\n',
      },
      '--json',
    );
    const found: CaseCheck = caseCheckSchema.parse(JSON.parse(stdout));
    expect(found).toMatchObject({ name: 'tried', isReadable: true });
    expect(found.remarks.map(({ file, field, says }) => [field ?? file, says])).toEqual([
      ['onset', 'lies outside the window'],
      ['window', expect.stringMatching(/^hardly begins before it was noticed/)],
      ['telemetry.traces', 'is missing'],
      ['telemetry.changes', 'is missing'],
      ['telemetry.metrics', 'no file matches none.csv'],
      ['telemetry.metrics', 'begin only at 2026-11-20T09:20:00Z'],
      ['telemetry.metrics', 'end already at 2026-11-20T09:20:00Z'],
      [
        'telemetry.logs',
        expect.stringMatching(/no row in the window: 1 row from 2026-11-20T08:00:00Z/),
      ],
      ['alert.entity', 'nothing in the telemetry is of shop'],
      ['candidates', 'nothing in the telemetry is of moon'],
      ['truth.csv', 'looks like the right answer'],
    ]);
    expect(code).toBe(0);
  });

  test('finds nothing wrong with a whole case, and no folder where there is none', async () => {
    const whole = await runHere(['case', 'check', 'examples/incidents/shop-0b24'], {
      PATH: process.env['PATH'] ?? '',
    });
    expect(whole.stdout).toMatch(/shop-0b24 can be read; nothing is missing\.\n$/);
    expect(whole.code).toBe(0);
    const none = await runHere(['case', 'check', 'examples/nowhere'], {});
    expect(none).toMatchObject({ code: 4, stderr: expect.stringMatching(/^not-found\.case: /) });
  });
});
