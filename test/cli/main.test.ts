import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { reportSchema } from '../../core/schemas/report.ts';
import { runCli, type CliRun } from './run-cli.ts';
import { planHash, sampleAction, sampleEvent, sampleReport } from './samples.ts';
import {
  sendJson,
  sendProblem,
  serveScripted,
  type Routes,
  type ScriptedApi,
} from './scripted-api.ts';
import { openTestFolder } from '../support/test-folder.ts';

/** Each run is a process. */
const links = {
  self: '/api/v1/investigations/inv-abcd',
  events: '/api/v1/investigations/inv-abcd/events',
  report: '/api/v1/investigations/inv-abcd/report',
  temporal: 'http://127.0.0.1:8233/namespaces/default/workflows/inv-abcd',
};
const events = [
  sampleEvent(1, { phase: 'scope', role: 'orchestrator', text: 'onset found' }),
  sampleEvent(2),
  sampleEvent(3, {
    type: 'finished',
    phase: 'report',
    role: 'orchestrator',
    oodaPhase: null,
    percent: 100,
    text: 'cause found',
  }),
];

const folders = openTestFolder('cli');
let folder = '';
let api: ScriptedApi | null = null;
beforeAll(() => {
  folder = folders.open();
});
afterEach(async () => {
  await api?.close();
  api = null;
});
afterAll(() => folders.remove());

/** Serves the story of one investigation, or what a test changes of it, and runs one command against it. */
async function run(
  args: readonly string[],
  changed: Routes = {},
  env: NodeJS.ProcessEnv = {},
): Promise<CliRun & { readonly api: ScriptedApi }> {
  await api?.close();
  api = await serveScripted({
    'POST /api/v1/investigations': (_, response) =>
      sendJson(response, 202, { id: 'inv-abcd', links }),
    [`GET ${links.events}`]: ({ headers }, response) => {
      const after = Number(headers['last-event-id'] ?? 0);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const event of events.slice(after)) {
        response.write(
          `id: ${event.sequence}\nevent: progress\ndata: ${JSON.stringify(event)}\n\n`,
        );
      }
      response.end();
    },
    [`GET ${links.report}`]: (_, response) => sendJson(response, 200, sampleReport),
    [`GET ${links.self}/evidence`]: (_, response) => sendJson(response, 200, { evidence: [] }),
    ...changed,
  });
  const result = await runCli(args, { HOLDFAST_URL: api.url, HOLDFAST_STATE_DIR: folder, ...env });
  return { ...result, api };
}

describe('holdfast investigate', () => {
  test('without --wait prints the id, says where to look, and returns', async () => {
    const { code, stdout, stderr, api } = await run([
      'investigate',
      '--case',
      'shop-1111',
      '--question',
      'why?',
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'inv-abcd\n' });
    expect(stderr).toContain(`${api.url}/api/v1/investigations/inv-abcd/report`);
    expect(stderr).toContain(links.temporal);
    const [, start] = api.received;
    expect(start).toMatchObject({ method: 'POST', body: { case: 'shop-1111', question: 'why?' } });
    expect(start?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('with --json prints the report and nothing else, and progress to standard error', async () => {
    const { code, stdout, stderr } = await run(['investigate', '--case', 'shop-1111', '--json']);
    expect(code).toBe(0);
    expect(reportSchema.parse(JSON.parse(stdout))).toEqual(sampleReport);
    expect(stderr).toMatch(
      /40 % {2}Specialists.*trace · observe · round 1 {2}looked at the slowest traces/,
    );
  });

  test('with --wait prints the report for people, and how to decide on what it proposes', async () => {
    const { code, stdout } = await run(['investigate', '--case', 'shop-1111', '--wait']);
    expect(code).toBe(0);
    expect(stdout).toContain('Cause: checkout, bad-deploy');
    expect(stdout).toContain('holdfast approve act-abcd');
    expect(stdout).not.toContain('\u001b');
  });

  test('exits with 6 when a cap forced the conclusion', async () => {
    const { code } = await run(
      ['investigate', '--case', 'x', '--wait', '--rounds', '1', '--seconds', '5'],
      {
        [`GET ${links.report}`]: (_, response) =>
          sendJson(response, 200, { ...sampleReport, ended: 'rounds' }),
      },
    );
    expect(code).toBe(6);
    expect(api?.received[1]?.body).toEqual({ case: 'x', budget: { rounds: 1, wallMs: 5_000 } });
  });

  test('goes on behind the last event when the stream breaks, so that none is lost or shown twice', async () => {
    let opened = 0;
    const { code, stderr, api } = await run(['investigate', '--case', 'x', '--json'], {
      [`GET ${links.events}`]: (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        // The second connection repeats an event, as a server may.
        for (const event of opened++ === 0 ? events.slice(0, 2) : events.slice(1)) {
          response.write(`id: ${event.sequence}\ndata: ${JSON.stringify(event)}\n\n`);
        }
        if (opened === 1) setTimeout(() => response.destroy(), 100);
        else response.end();
      },
    });
    expect(code).toBe(0);
    expect(stderr.match(/looked at the slowest traces/g)).toHaveLength(1);
    const streams = api.received.filter(({ path }) => path === links.events);
    expect(streams.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '2']);
  });

  test('gives a folder by its absolute path and anything else as a name', async () => {
    mkdirSync(join(folder, 'here'), { recursive: true });
    const { api } = await run(['investigate', '--case', `${folder}/./here`]);
    expect(api.received[1]?.body).toEqual({ case: join(folder, 'here') });
  });

  test.each([
    ['an unknown case', 404, 'not-found.case', 4],
    ['a wrong manifest', 422, 'invalid.case', 2],
    ['a path from afar', 403, 'forbidden.case-path', 3],
  ])(
    '%s is an error with its code, its advice and the exit code of its kind',
    async (_what, status, code, exitCode) => {
      const result = await run(['investigate', '--case', 'x', '--json'], {
        'POST /api/v1/investigations': (_, response) =>
          sendProblem(response, status, code, 'incident.yaml, line 3: \u001b[31mbad\u001b[0m'),
      });
      expect(result).toMatchObject({ code: exitCode, stdout: '' });
      expect(result.stderr).toMatch(new RegExp(`^${code}: incident.yaml, line 3: bad\\n.+\\n$`));
    },
  );

  test('wants to know what to investigate', async () => {
    for (const args of [
      ['investigate'],
      ['investigate', '--case', 'a', '--cases', 'b'],
      ['investigate', '--rounds', 'x', '--case', 'a'],
      ['fly'],
    ]) {
      expect((await run(args)).code).toBe(2);
    }
  });
});

describe('holdfast investigate --cases', () => {
  test('prints one report a line, in the order of the folders, and goes on after a case that fails', async () => {
    for (const name of ['c-3', 'a-1', 'b-2']) {
      mkdirSync(join(folder, 'cases', name), { recursive: true });
      writeFileSync(join(folder, 'cases', name, 'incident.yaml'), '');
    }
    writeFileSync(join(folder, 'cases', 'truth.csv'), '');
    let underWay = 0;
    let most = 0;
    const { code, stdout, stderr } = await run(
      ['investigate', '--cases', join(folder, 'cases'), '--json'],
      {
        'POST /api/v1/investigations': ({ body }, response) => {
          if (JSON.stringify(body).includes('b-2')) {
            sendProblem(response, 422, 'invalid.case', 'traces.jsonl, line 7');
            return;
          }
          most = Math.max(most, ++underWay);
          sendJson(response, 202, { id: 'inv-abcd', links });
        },
        [`GET ${links.report}`]: (_, response) => {
          underWay--;
          sendJson(response, 200, sampleReport);
        },
      },
    );
    const reports = stdout
      .trim()
      .split('\n')
      .map((line) => reportSchema.parse(JSON.parse(line)));
    expect(reports.map(({ case: name, status }) => [name, status])).toEqual([
      ['shop-1111', 'completed'],
      ['b-2', 'failed'],
      ['shop-1111', 'completed'],
    ]);
    expect(reports[1]?.summary).toBe('invalid.case: traces.jsonl, line 7');
    expect(stderr).toContain('b-2: invalid.case');
    expect(code).toBe(2);
    expect(most).toBeLessThanOrEqual(2);
  });

  test('says so when there is no case', async () => {
    mkdirSync(join(folder, 'none'), { recursive: true });
    const { code, stderr } = await run(['investigate', '--cases', join(folder, 'none')]);
    expect(code).toBe(4);
    expect(stderr).toContain('not-found.case');
  });
});

describe('holdfast watch and show', () => {
  test('watch --json prints each event once, to the end', async () => {
    const { stdout } = await run(['watch', 'inv-abcd', '--json'], {
      [`GET ${links.self}`]: (_, response) => sendJson(response, 200, sampleInvestigation),
    });
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(events);
  });

  test('show prints the report, or how far the investigation is while there is none', async () => {
    expect((await run(['show', 'inv-abcd', '--json'])).stdout).toContain('"cause-found"');
    const { code, stdout } = await run(['show', 'inv-abcd'], {
      [`GET ${links.report}`]: (_, response) =>
        sendProblem(response, 404, 'not-found.report', 'none yet'),
      [`GET ${links.self}`]: (_, response) => sendJson(response, 200, sampleInvestigation),
    });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'inv-abcd  running, fan-out, 40 %  shop-1111\n',
    });
  });
});

const sampleInvestigation = {
  id: 'inv-abcd',
  case: 'shop-1111',
  trigger: 'http',
  status: 'running',
  phase: 'fan-out',
  percent: 40,
  verdict: null,
  summary: null,
  title: 'shop-1111',
  createdAt: '2026-11-21T11:09:00.000Z',
  startedAt: '2026-11-21T11:09:01.000Z',
  endedAt: null,
  waitingFor: null,
  links,
};

describe('holdfast approve and reject', () => {
  const routes: Routes = {
    'GET /api/v1/actions/act-abcd': (_, response) => sendJson(response, 200, sampleAction),
    'POST /api/v1/actions/act-abcd/decision': (_, response) => sendJson(response, 202, {}),
  };

  test('finds the open action of an investigation, shows it, and decides with hash, reason and token', async () => {
    const { code, stderr, api } = await run(
      ['reject', 'inv-abcd', '--reason', 'not now', '--no-wait'],
      routes,
      {
        HOLDFAST_TOKEN: 'secret-token',
      },
    );
    expect(code).toBe(0);
    expect(stderr).toContain('POST http://127.0.0.1:9/ops/rollback {"toRevision":"checkout-r118"}');
    expect(stderr).toContain(planHash);
    const sent = api.received.find(({ method }) => method === 'POST');
    expect(sent?.body).toEqual({
      decision: 'reject',
      planHash,
      reason: 'not now',
      deliver: 'signal',
    });
    expect(sent?.headers.authorization).toBe('Bearer secret-token');
  });

  test('waits until it is known what became of the action, and says what was read back', async () => {
    const states = ['proposed', 'approved', 'sent', 'applied'];
    const effect = sampleEvent(4, {
      phase: 'remediate',
      stepKey: 'act-abcd.close',
      text: 'applied: revision is now "checkout-r118"',
      data: { evidenceIds: ['ev-1111111111111111'] },
    });
    const { code, stdout } = await run(['approve', 'act-abcd'], {
      ...routes,
      [`GET ${links.events}`]: (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(`id: 4\ndata: ${JSON.stringify(effect)}\n\n`);
      },
      'GET /api/v1/actions/act-abcd': (_, response) =>
        sendJson(response, 200, {
          ...sampleAction,
          state: states.length > 1 ? states.shift() : states[0],
        }),
    });
    expect(code).toBe(0);
    expect(stdout).toBe(
      'act-abcd: applied\n  read back: applied: revision is now "checkout-r118" [ev-1111111111111111]\n',
    );
  });

  test('says when there is nothing left to decide', async () => {
    const { code, stderr } = await run(['approve', 'inv-abcd'], {
      [`GET ${links.report}`]: (_, response) =>
        sendJson(response, 200, {
          ...sampleReport,
          actions: sampleReport.actions.map((action) => ({ ...action, state: 'applied' })),
        }),
    });
    expect(code).toBe(4);
    expect(stderr).toContain('act-abcd is applied');
  });

  test('without a right token is refused with exit code 3', async () => {
    const { code, stderr } = await run(['approve', 'act-abcd'], {
      ...routes,
      'POST /api/v1/actions/act-abcd/decision': (_, response) =>
        sendProblem(response, 401, 'unauthenticated.token', 'no token'),
    });
    expect(code).toBe(3);
    expect(stderr).toContain('.holdfast/token');
  });
});

describe('holdfast', () => {
  test('prints help and ends well', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/investigate.*watch.*show.*approve.*reject.*sweep.*doctor/s);
  });

  test('does not start anything here for an API that is meant to be elsewhere', async () => {
    const { code, stderr } = await run(
      ['show', 'inv-abcd'],
      {},
      { HOLDFAST_URL: 'http://holdfast.invalid' },
    );
    expect(code).toBe(5);
    expect(stderr).toContain('unavailable.api: No Holdfast API answers at http://holdfast.invalid');
  });

  test('says which setting is wrong', async () => {
    const { code, stderr } = await run(['show', 'inv-abcd'], {}, { HOLDFAST_URL: 'not a url' });
    expect(code).toBe(2);
    expect(stderr).toContain('invalid.config: HOLDFAST_URL');
  });

  test('does not take another program on the port for Holdfast', async () => {
    const { code, stderr } = await run(['doctor', '--json'], {
      'GET /health': (_, response) => sendJson(response, 200, { status: 'up' }),
    });
    expect(code).toBe(5);
    expect(stderr).toBe('');
  });
});
