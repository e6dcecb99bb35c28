import { describe, expect, test } from '@jest/globals';
import { caseManifestSchema, severityOfWord } from '../../../core/schemas/case.ts';
import { z } from '../../../core/schemas/z.ts';

const smallest = {
  version: 1,
  name: 'checkout-bad-deploy',
  alert: { title: 'Checkout fails' },
  window: { start: '2026-11-20T09:00:00Z', end: '2026-11-20T10:15:00Z' },
};

const whole = {
  ...smallest,
  question: 'Why are checkouts failing?',
  alert: {
    title: 'Checkout error rate above 5 %',
    description: 'Error rate of POST /checkout rose.',
    severity: 'critical',
    entity: { kind: 'service', name: 'checkout' },
    symptom: 'error rate',
    startedAt: '2026-11-20T10:07:00Z',
    labels: { team: 'payments' },
  },
  onset: '2026-11-20T10:05:30Z',
  baselines: [{ start: '2026-11-20T08:00:00Z', end: '2026-11-20T09:00:00Z' }],
  candidates: [{ kind: 'service', name: 'payments' }],
  telemetry: {
    metrics: [
      {
        files: ['metrics/*.csv.gz'],
        format: 'csv',
        layout: 'wide',
        headers: ['service', 'metric'],
      },
      {
        files: ['m.csv'],
        format: 'csv',
        columns: { value: 'v' },
        constants: { service: 'redis', shard: 1 },
      },
    ],
    logs: [{ files: ['app.log'], format: 'text', timestamp: '%Y-%m-%d %H:%M:%S' }],
    traces: [
      {
        files: ['t.parquet'],
        format: 'parquet',
        time: { column: 't', unit: 'ms', offset: '+08:00' },
      },
    ],
    changes: [{ files: ['changes.jsonl'], format: 'jsonl' }],
    topology: [{ files: ['topology.csv'], format: 'csv' }],
    alerts: [{ files: ['alerts.jsonl'], format: 'jsonl' }],
    events: [{ files: ['k8s-events.jsonl'], format: 'jsonl' }],
    state: [{ files: ['k8s/*.json'], format: 'json' }],
    commands: [{ files: ['commands.jsonl'], format: 'jsonl' }],
    runbooks: [{ files: ['runbooks/*.md'], format: 'markdown' }],
  },
};

/** The path and the sentence of the first thing that is wrong. */
function complaint(manifest: unknown): string {
  const [issue] = caseManifestSchema.safeParse(manifest).error?.issues ?? [];
  return issue === undefined ? 'accepted' : `${issue.path.join('.')}: ${issue.message}`;
}

describe('caseManifestSchema', () => {
  test('accepts every key of the public case format', () => {
    expect(complaint(whole)).toBe('accepted');
  });

  test('fills in what may be left out', () => {
    expect(caseManifestSchema.parse(smallest)).toEqual({
      ...smallest,
      alert: { title: 'Checkout fails', severity: 'error', labels: {} },
      baselines: [],
      telemetry: {},
    });
  });

  test.each([
    ['at the top', { ...whole, foo: 1 }],
    ['in the alert', { ...whole, alert: { ...whole.alert, priority: 1 } }],
    ['in an entity', { ...whole, candidates: [{ kind: 'service', name: 'a', namespace: 'b' }] }],
    ['in a window', { ...whole, window: { ...whole.window, zone: 'UTC' } }],
    ['in the telemetry', { ...whole, telemetry: { profiles: [] } }],
    ['in a source', { ...whole, telemetry: { logs: [{ files: ['a'], format: 'csv', sep: ';' }] } }],
  ])('refuses a key it does not know %s', (_where, manifest) => {
    expect(complaint(manifest)).toContain('Unrecognized key');
  });

  test.each([
    ['another version', { ...whole, version: 2 }, /^version: /],
    [
      'a name with capitals',
      { ...whole, name: 'Checkout' },
      /^name: must be 1 to 80 of a-z, 0-9 and -$/,
    ],
    [
      'a window that ends before it starts',
      { ...whole, window: { start: whole.window.end, end: whole.window.start } },
      /^window\.end: must be after window\.start$/,
    ],
    [
      'an empty baseline',
      { ...whole, baselines: [{ start: whole.onset, end: whole.onset }] },
      /^baselines\.0\.end: must be after its start$/,
    ],
    ['a time that is not ISO 8601', { ...whole, onset: '20 November' }, /^onset: /],
    [
      'a severity nobody uses',
      { ...whole, alert: { title: 'x', severity: 'purple' } },
      /^alert\.severity: "purple" is no known severity/,
    ],
    [
      'an entity of no kind',
      { ...whole, candidates: [{ kind: 'gremlin', name: 'a' }] },
      /^candidates\.0\.kind: /,
    ],
    [
      'a source without files',
      { ...whole, telemetry: { logs: [{ files: [], format: 'csv' }] } },
      /^telemetry\.logs\.0\.files: /,
    ],
    [
      'a format that the signal has not',
      { ...whole, telemetry: { metrics: [{ files: ['a'], format: 'text' }] } },
      /^telemetry\.metrics\.0\.format: must be one of csv, jsonl, json, parquet, otlp-json$/,
    ],
    [
      'neither alert nor alertFile',
      { ...whole, alert: undefined },
      /^alert: is required \(or alertFile\)$/,
    ],
    [
      'both alert and alertFile',
      { ...whole, alertFile: 'alert.json' },
      /^alert: cannot stand beside alertFile/,
    ],
  ])('refuses %s', (_what, manifest, expected) => {
    expect(complaint(manifest)).toMatch(expected);
  });

  test('takes an alertFile instead of an alert', () => {
    expect(complaint({ ...whole, alert: undefined, alertFile: 'alert.json' })).toBe('accepted');
  });

  test('keeps labels as text, also where YAML reads numbers and booleans', () => {
    const manifest = { ...whole, alert: { title: 'x', labels: { port: 8080, paged: true } } };
    expect(caseManifestSchema.parse(manifest).alert?.labels).toEqual({
      port: '8080',
      paged: 'true',
    });
  });

  test('is published as JSON Schema', () => {
    const schema = z.toJSONSchema(caseManifestSchema, { io: 'input' });
    expect(schema.$defs?.['Case']).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['version', 'name', 'window'],
    });
  });
});

describe('severityOfWord', () => {
  test.each([
    ['critical', ['critical', 'P1', 'p0', 'sev1', 'SEV-1', 'Sev 0', 'page', 'FATAL', 'emergency']],
    ['error', ['error', 'ERR', 'high', 'P2', 'sev-2', 'major']],
    ['warning', ['warning', 'WARN', 'medium', 'P3', 'ticket', 'minor']],
    ['info', ['info', 'Informational', 'notice', 'low', 'P5']],
  ])('reads the words of other systems for %s', (severity, words) => {
    expect(words.map(severityOfWord)).toEqual(words.map(() => severity));
  });

  test('leaves a word that nobody uses open', () => {
    expect(severityOfWord('purple')).toBeUndefined();
    expect(severityOfWord('')).toBeUndefined();
  });
});
