import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { reportSchema } from '../../core/schemas/report.ts';
import type { CliRun } from './run-cli.ts';
import { runHere } from './run-here.ts';
import { evidenceId, sampleEvent, sampleReport } from './samples.ts';
import {
  sendJson,
  sendProblem,
  serveScripted,
  type Routes,
  type ScriptedApi,
} from './scripted-api.ts';
import { openTestFolder } from '../support/test-folder.ts';

const self = '/api/v1/investigations/inv-abcd';
const links = { self, events: `${self}/events`, report: `${self}/report`, temporal: 'http://t' };
const sampleInvestigation = {
  ...{ id: 'inv-abcd', case: 'shop-1111', trigger: 'http', status: 'running', links },
  ...{
    phase: 'fan-out',
    percent: 40,
    verdict: null,
    summary: null,
    title: 'orders \u001b[31mfail',
  },
  ...{ createdAt: '2026-11-21T11:09:00.000Z', startedAt: '2026-11-21T11:09:01.000Z' },
  ...{ endedAt: null, waitingFor: null },
};

const folders = openTestFolder('inputs');
let folder = '';
let api: ScriptedApi;
const changed = new Map<string, Routes[string]>();

beforeAll(async () => {
  folder = folders.open();
  const routes: Routes = {
    'POST /api/v1/investigations': (_, response) =>
      sendJson(response, 202, { id: 'inv-abcd', links }),
    [`GET ${links.events}`]: (_, response) => {
      const finished = { type: 'finished', phase: 'report', percent: 100 } as const;
      const event = sampleEvent(1, { ...finished, role: 'orchestrator', oodaPhase: null });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`id: 1\ndata: ${JSON.stringify(event)}\n\n`);
    },
    [`GET ${links.report}`]: (_, response) => sendJson(response, 200, sampleReport),
    [`GET ${self}/evidence`]: (_, response) =>
      sendJson(response, 200, { evidence: [sampleEvidence, sampleRunbook] }),
    [`GET ${self}/evidence/${sampleRunbook.id}`]: (_, response) =>
      sendJson(response, 200, { ...sampleRunbook, data: runbookData }),
    [`POST ${self}/cancel`]: (request, response) => {
      const route = changed.get('cancel');
      if (route === undefined) sendJson(response, 202, sampleInvestigation);
      else route(request, response);
    },
    'GET /api/v1/investigations?limit=20': (_, response) =>
      sendJson(response, 200, { investigations: [sampleInvestigation], next: null }),
    'GET /api/v1/investigations?limit=3&status=failed': (_, response) =>
      sendJson(response, 200, { investigations: [], next: null }),
  };
  api = await serveScripted(routes);
});
afterEach(() => changed.clear());
afterAll(async () => {
  await api?.close();
  folders.remove();
});

const sampleEvidence = {
  ...{ key: 'checkout/errors', kind: 'traces', title: 'Outcome of POST /orders', view: 'series' },
  ...{ source: 'traces.jsonl', query: 'select count(*) from spans', tool: 'find-onset' },
  ...{ window: { startAt: 1_795_259_000_000, endAt: 1_795_260_000_000 }, id: evidenceId },
  ...{ arguments: { service: 'checkout' }, role: 'trace', round: 2, takenAt: 1_795_260_500_000 },
};

const sampleRunbook = {
  ...sampleEvidence,
  ...{ id: 'ev-00000000000000ab', kind: 'runbooks', view: 'markdown', tool: 'find-runbooks' },
  ...{ title: 'Runbook: Orders fail', source: 'orders.md', query: 'read 1 Markdown files' },
};
const text = '# Orders fail\n\n```sh\nkubectl get pods\n\u001b[2J  --watch\n```\n';
const runbookData = {
  documents: [{ title: 'Orders fail', source: 'orders.md', text, omittedCharacters: 7 }],
  omittedDocuments: 2,
};

/** Runs one command against the story above. */
function run(args: readonly string[], input = '', env: NodeJS.ProcessEnv = {}): Promise<CliRun> {
  const where = { HOLDFAST_URL: api.url, HOLDFAST_STATE_DIR: folder, ...env };
  return runHere(args, where, input);
}

const sent = (): unknown => api.received.filter(({ method }) => method === 'POST').at(-1)?.body;

describe('holdfast investigate takes its request', () => {
  test('OS-103 from a template that was printed, filled in and read from a file or standard input', async () => {
    const { code, stdout: template } = await run(['investigate', '--template']);
    expect(code).toBe(0);
    const file = join(folder, 'request.yaml');
    writeFileSync(file, template.replaceAll(/^# (?=alert|window|budget| {2})/gm, ''));
    expect(await run(['investigate', '--file', file])).toMatchObject({ stdout: 'inv-abcd\n' });
    expect(sent()).toEqual({
      case: 'shop-c9e3',
      question: 'What broke, and since when?',
      alert: {
        ...{ title: 'Orders fail at the gateway', severity: 'error', labels: {} },
        ...{ entity: { kind: 'service', name: 'gateway' }, startedAt: '2026-11-21T11:00:00Z' },
      },
      window: { start: '2026-11-21T10:30:00Z', end: '2026-11-21T11:10:00Z' },
      budget: { rounds: 20, calls: 40, wallMs: 300_000 },
    });
    await run(['investigate', '--file', '-', '--question', 'why?'], template);
    expect(sent()).toEqual({ case: 'shop-c9e3', question: 'why?' });
  });

  test('OS-103 from JSON on the command line, and single options win over it', async () => {
    const input = '{"case":"shop-1111","budget":{"rounds":3,"calls":7}}';
    await run(['investigate', '--input', input, '--rounds', '2']);
    expect(sent()).toEqual({ case: 'shop-1111', budget: { rounds: 2, calls: 7 } });
  });

  test.each([
    ['JSON that is none', ['--input', '{"case": '], '--input is neither YAML nor JSON'],
    ['fields at fault', ['--input', '{"case":"x","budget":{"calls":0},"a":1}'], 'budget.calls: '],
    ['a file that is not there', ['--file', '/no/such/file'], '/no/such/file cannot be read'],
    ['nothing at all', [], 'Name what to investigate'],
    ['an empty standard input', ['--file', '-'], 'standard input is empty'],
    ['two requests', ['--file', '-', '--input', '{}'], 'not both'],
    ['an unwritable report', ['--case', 'x', '--out', '/no/such/folder/r.md'], '/no/such/folder'],
  ])('OS-103 refuses %s before anything starts', async (_what, args, says) => {
    const before = api.received.length;
    const { code, stdout, stderr } = await run(['investigate', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(api.received.slice(before).filter(({ method }) => method === 'POST')).toEqual([]);
  });

  test('OS-103 and writes the report to a file, as Markdown or JSON by its name', async () => {
    const [json, markdown] = [join(folder, 'report.json'), join(folder, 'report.md')];
    const first = await run(['investigate', '--case', 'x', '--json', '--out', json]);
    expect(first.code).toBe(0);
    expect(JSON.parse(first.stdout)).toEqual(sampleReport);
    expect(reportSchema.parse(JSON.parse(readFileSync(json, 'utf8')))).toEqual(sampleReport);
    await run(['investigate', '--case', 'x', '--out', markdown]);
    expect(readFileSync(markdown, 'utf8')).toMatch(/^# checkout: bad-deploy, by checkout-r119\n/);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('holdfast list, cancel and why', () => {
  test('list shows one a line, without what terminals obey, and in colours only when told', async () => {
    const { code, stdout } = await run(['list']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'inv-abcd  2026-11-21 11:09:00  40 %    shop-1111  orders fail\n',
    });
    const none = await run(['list', '--status', 'failed', '--limit', '3', '--json']);
    expect(JSON.parse(none.stdout)).toEqual({ investigations: [], next: null });
    expect((await run(['list', '--status', 'lost'])).code).toBe(2);
  });

  test('cancel asks the investigation to end, and says when it has ended already', async () => {
    const { code, stdout } = await run(['cancel', 'inv-abcd', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id: 'inv-abcd', status: 'running' });
    changed.set('cancel', (_, response) =>
      sendProblem(response, 409, 'conflict.ended', 'inv-abcd has ended'),
    );
    const late = await run(['cancel', 'inv-abcd']);
    expect(late).toMatchObject({ code: 4, stdout: '' });
    expect(late.stderr).toContain('inv-abcd has ended');
  });

  test('why goes from a sentence to its evidence, and from there to query, window and source', async () => {
    const all = await run(['why', 'inv-abcd']);
    expect(all.stdout).toMatch(/ 2 {2}\[claim\] 41 % of POST \/orders failed\n/);
    for (const words of ['2', '41 % of post']) {
      const { code, stdout } = await run(['why', 'inv-abcd', words]);
      expect(code).toBe(0);
      expect(stdout).toContain(`${evidenceId}  traces: Outcome of POST /orders\n`);
      expect(stdout).toContain(
        'Source     traces.jsonl\n  Query      select count(*) from spans\n',
      );
      expect(stdout).toContain('2026-11-21T11:03:20.000Z to 2026-11-21T11:20:00.000Z');
      expect(stdout).toContain(`${api.url}${self}/evidence/${evidenceId}`);
    }
    const { stdout } = await run(['why', 'inv-abcd', '2', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      sentence: { number: 2, section: 'claim' },
      evidence: [{ id: evidenceId, query: 'select count(*) from spans' }],
    });
    const unknown = await run(['why', 'inv-abcd', '99']);
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
  });

  test('show names the runbooks that were found, and why prints them as they were written', async () => {
    const report = await run(['show', 'inv-abcd']);
    const command = `holdfast why inv-abcd ${sampleRunbook.id}`;
    expect(report.stdout).toContain(`Runbooks\n  - Runbook: Orders fail\n    ${command}\n`);
    const { code, stdout } = await run(command.split(' ').slice(1));
    expect(code).toBe(0);
    expect(stdout).toContain(`${sampleRunbook.id}  runbooks: Runbook: Orders fail\n  Source`);
    expect(stdout.slice(stdout.indexOf('\n\n'))).toBe(
      '\n\nOrders fail  orders.md\n\n# Orders fail\n\n```sh\nkubectl get pods\n  --watch\n```\n' +
        '\n7 more characters were left out.\n\n2 more documents were left out.\n',
    );
    const json = await run(['why', 'inv-abcd', sampleRunbook.id, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ evidence: { data: runbookData } });
  });

  test('FORCE_COLOR colours what is printed, NO_COLOR never', async () => {
    const forced = await run(['show', 'inv-abcd'], '', { FORCE_COLOR: '1' });
    expect(forced.stdout).toContain('\u001b[');
    const refused = await run(['show', 'inv-abcd'], '', { FORCE_COLOR: '1', NO_COLOR: '1' });
    expect(refused.stdout).not.toContain('\u001b');
  });
});
