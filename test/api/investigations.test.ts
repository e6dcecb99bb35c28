import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { investigationSchema } from '../../core/schemas/investigation.ts';
import type { Window } from '../../core/schemas/primitives.ts';
import { waitUntil } from '../support/wait-until.ts';
import { casesFolder, startTestApi } from './support/api.ts';
import type { TestApi } from './support/api.ts';
import { finish, propose, writeEvidence, writeProgress } from './support/story.ts';
import { evidence, plan, planHash } from '../store/samples.ts';

const path = '/api/v1/investigations';
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});

afterAll(async () => {
  await api.close();
});

const post = (body: object) => request(api.server).post(path).send(body);

async function start(): Promise<string> {
  const { body } = await post({ case: 'checkout-errors' }).expect(202);
  return investigationSchema.parse(body).id;
}

describe('POST /api/v1/investigations', () => {
  test('OS-74 stores the request, answers 202 with id, Location and links, and starts the workflow', async () => {
    const { body, headers } = await post({ case: 'checkout-errors', question: 'why?' }).expect(202);
    const started = investigationSchema.parse(body);
    expect(started).toMatchObject({
      case: 'checkout-errors',
      status: 'accepted',
      trigger: 'http',
      percent: 0,
      waitingFor: null,
      links: {
        self: `${path}/${started.id}`,
        events: `${path}/${started.id}/events`,
        report: `${path}/${started.id}/report`,
        temporal: `http://127.0.0.1:8233/namespaces/default/workflows/${started.id}`,
      },
    });
    expect(headers['location']).toBe(`${path}/${started.id}`);
    await waitUntil('the workflow to start', () => api.temporal.started.includes(started.id));
    await waitUntil('it to be noted', async () => {
      return (await api.store.investigations.get(started.id))?.status === 'running';
    });
    const row = await api.store.investigations.get(started.id);
    expect(row).toMatchObject({
      request: { case: 'checkout-errors', question: 'why?' },
      caseDir: join(casesFolder, 'checkout-errors'),
    });
  });

  test('TA-47 where a model is required and there is none, begins nothing and says so', async () => {
    const strict = await startTestApi({ config: { isModelRequired: true } });
    const { body } = await request(strict.server)
      .post(path)
      .send({ case: 'checkout-errors' })
      .expect(503);
    expect(body).toMatchObject({ code: 'unavailable.model' });
    expect(JSON.stringify(body)).toContain('REQUIRE_MODEL');
    expect(await strict.store.investigations.list({ limit: 10 })).toEqual([]);
    await strict.close();
  });

  test('TA-06 answers before the work starts, also while Temporal is away', async () => {
    api.temporal.setAway(true);
    const id = await start();
    expect((await api.store.investigations.unstarted(10)).map((row) => row.id)).toContain(id);
    expect(api.temporal.started).not.toContain(id);
    api.temporal.setAway(false);
  });

  test('gives the same investigation for the same Idempotency-Key and request', async () => {
    const send = () => post({ case: 'quiet-night', question: 'a' }).set('Idempotency-Key', 'key-1');
    const first = await send().expect(202);
    const second = await send().expect(202);
    expect(second.body.id).toBe(first.body.id);
    expect(second.headers['location']).toBe(first.headers['location']);
    const { body } = await post({ case: 'quiet-night', question: 'b' })
      .set('Idempotency-Key', 'key-1')
      .expect(409);
    expect(body.code).toBe('conflict.idempotency-key');
  });

  test('takes what the request says of the alert over what the case says', async () => {
    const alert = { title: 'orders fail', severity: 'critical' };
    const { body } = await post({ case: 'checkout-errors', alert }).expect(202);
    expect(body.title).toBe('orders fail');
    expect((await api.store.investigations.get(body.id))?.alert.severity).toBe('critical');
  });

  test('takes a path from this machine, and from nowhere else', async () => {
    const reference = join(casesFolder, 'quiet-night');
    const { body } = await post({ case: reference }).expect(202);
    expect(body.case).toBe('quiet-night');
    const refused = await post({ case: reference })
      .set('X-Forwarded-For', '203.0.113.9')
      .expect(403);
    expect(refused.body.code).toBe('forbidden.case-path');
    await post({ case: 'quiet-night' }).set('X-Forwarded-For', '203.0.113.9').expect(202);
  });

  test.each([
    ['an unknown case', { case: 'no-such-case' }, 404, 'not-found.case'],
    ['a path to nothing', { case: '/no/such/case' }, 404, 'not-found.case'],
    ['a field that nobody knows', { case: 'quiet-night', cases: 1 }, 422, 'invalid.request'],
    [
      'a budget beyond reason',
      { case: 'quiet-night', budget: { rounds: 99 } },
      422,
      'invalid.request',
    ],
    ['text with a NUL', { case: 'quiet-night', question: 'a\u0000b' }, 422, 'invalid.request'],
    ['half of a character', { case: 'quiet-night', question: 'a\ud800b' }, 422, 'invalid.request'],
  ])('refuses %s', async (_what, body, status, code) => {
    const refused = await post(body).expect(status);
    expect(refused.body).toMatchObject({ code, status });
    expect(refused.headers['content-type']).toMatch('application/problem+json');
  });

  test('OS-53 takes a window of 7 days, and refuses a longer one and one without length', async () => {
    const end = '2026-11-20T09:30:00Z';
    const send = (start: string) => post({ case: 'checkout-errors', window: { start, end } });
    await send('2026-11-13T09:30:00Z').expect(202);
    for (const start of ['2026-11-13T09:29:59Z', end]) {
      const { body } = await send(start).expect(422);
      expect(body).toMatchObject({ code: 'invalid.request', errors: [{ field: 'window' }] });
    }
  });

  test('names every field at fault', async () => {
    const { body } = await post({ case: '', budget: { rounds: 0, calls: 'x' } }).expect(422);
    expect(body.errors.map((one: { field: string }) => one.field).toSorted()).toEqual([
      'budget.calls',
      'budget.rounds',
      'case',
    ]);
    expect(body.errors[0].in).toBe('body');
  });
});

describe('POST /api/v1/investigations without a case', () => {
  const nowAt = Date.parse('2026-11-20T10:00:00Z');
  const asked: Window[] = [];
  let live: TestApi;

  beforeAll(async () => {
    live = await startTestApi({
      now: () => nowAt,
      hasTelemetry: (window) => {
        asked.push(window);
        return Promise.resolve(window.startAt < nowAt - 3_600_000);
      },
    });
  });

  afterAll(() => live.close());

  test('OS-53 investigates what was received, of the last 120 minutes', async () => {
    const entity = { kind: 'service', name: 'checkout' };
    const { body } = await request(live.server).post(path).send({ entity }).expect(202);
    expect(body).toMatchObject({ case: null, title: 'What is wrong with service checkout?' });
    expect(asked.at(-1)).toEqual({ startAt: nowAt - 7_200_000, endAt: nowAt });
    const row = await live.store.investigations.get(investigationSchema.parse(body).id);
    expect(row).toMatchObject({ caseDir: null, caseName: null, alert: { entity } });
  });

  test('says of which window nothing was received, and what to do', async () => {
    const { body } = await request(live.server).post(path).send({ since: '30m' }).expect(404);
    expect(body).toMatchObject({
      code: 'not-found.telemetry',
      detail: expect.stringContaining('2026-11-20T09:30:00.000Z to 2026-11-20T10:00:00.000Z'),
      title: expect.stringContaining('OTEL_EXPORTER_OTLP_ENDPOINT'),
    });
  });

  test('finds nothing in a window that lies ahead', async () => {
    const window = { start: '2026-11-20T11:00:00Z', end: '2026-11-20T12:00:00Z' };
    const { body } = await request(live.server).post(path).send({ window }).expect(404);
    expect(body.code).toBe('not-found.telemetry');
  });
});

describe('GET /api/v1/investigations', () => {
  test('lists newest first, page by page', async () => {
    const ids = [await start(), await start(), await start()];
    const first = await request(api.server).get(`${path}?limit=2`).expect(200);
    expect(first.body.investigations.map((one: { id: string }) => one.id)).toEqual(
      ids.slice(1).toReversed(),
    );
    const before = encodeURIComponent(first.body.next);
    const second = await request(api.server).get(`${path}?limit=1&before=${before}`).expect(200);
    expect(second.body.investigations[0].id).toBe(ids[0]);
  });

  test('lists only those of a status', async () => {
    const id = await start();
    const of = async (status: string) => {
      const { body } = await request(api.server).get(`${path}?status=${status}`).expect(200);
      return body.investigations.map((one: { id: string }) => one.id);
    };
    await waitUntil('it to run', async () => (await of('running')).includes(id));
    expect(await of('completed')).not.toContain(id);
  });

  test.each([
    'limit=0',
    'status=lost',
    'limit=101',
    'limit=x',
    'before=yesterday',
    'limit=1&limit=2',
  ])('refuses ?%s', async (query) => {
    const { body } = await request(api.server).get(`${path}?${query}`).expect(422);
    expect(body.errors[0].in).toBe('query');
  });
});

describe('GET /api/v1/investigations/{id}', () => {
  test('OS-74 shows how it stands, from accepted to completed', async () => {
    const id = await start();
    await writeProgress(api.store, id, 1, 2);
    const running = await request(api.server).get(`${path}/${id}`).expect(200);
    expect(running.body).toMatchObject({ phase: 'fan-out', percent: 20, verdict: null });
    await finish(api.store, id);
    const done = await request(api.server).get(`${path}/${id}`).expect(200);
    expect(investigationSchema.parse(done.body)).toMatchObject({
      status: 'completed',
      percent: 100,
      verdict: 'no-cause-found',
      summary: 'all is as before',
    });
  });

  test('says that it waits for a decision, and until when', async () => {
    const id = await start();
    const proposal = { ...plan(id, 'act-waiting'), expiresAt: '2999-01-01T00:00:00.000Z' };
    await propose(api.store, proposal, planHash);
    await finish(api.store, id);
    const { body } = await request(api.server).get(`${path}/${id}`).expect(200);
    const waitingFor = { what: 'a decision on act-waiting', until: '2999-01-01T00:00:00.000Z' };
    expect(body.waitingFor).toEqual(waitingFor);
    const list = await request(api.server).get(`${path}?limit=1`).expect(200);
    expect(list.body.investigations[0].waitingFor).toEqual(waitingFor);
  });

  test('does not know another', async () => {
    const { body } = await request(api.server).get(`${path}/inv-none`).expect(404);
    expect(body.code).toBe('not-found.investigation');
  });
});

describe('evidence of an investigation', () => {
  test('is listed without its data and given with it', async () => {
    const id = await start();
    const sample = evidence('ev-0123456789abcdef', { rows: [1, 2] });
    await writeEvidence(api.store, id, sample);
    const list = await request(api.server).get(`${path}/${id}/evidence`).expect(200);
    const { data: _, ...summary } = sample;
    expect(list.body).toEqual({ evidence: [summary] });
    const one = await request(api.server).get(`${path}/${id}/evidence/${sample.id}`).expect(200);
    expect(one.body).toEqual(sample);
    const none = await request(api.server).get(`${path}/${id}/evidence/ev-none`).expect(404);
    expect(none.body.code).toBe('not-found.evidence');
  });

  test('of another is not given', async () => {
    const id = await start();
    await writeEvidence(api.store, id, evidence('ev-00000000000000aa', 'secret of the other'));
    const other = await start();
    const { text } = await request(api.server)
      .get(`${path}/${other}/evidence/ev-00000000000000aa`)
      .expect(404);
    expect(text).not.toContain('secret');
  });
});

describe('POST /api/v1/investigations/{id}/cancel', () => {
  const cancel = (id: string) => request(api.server).post(`${path}/${id}/cancel`);

  test('OS-74 asks the workflow to end, and notes who asked', async () => {
    const id = await start();
    await waitUntil('the start', () => api.temporal.started.includes(id));
    await cancel(id).set('Authorization', 'Bearer hf_of-ana').expect(202);
    await cancel(id).expect(202);
    expect(api.temporal.cancelled.filter((one) => one === id)).toHaveLength(2);
    const notes = (await api.store.events.since(id, 0, 10)).filter(({ type }) => type === 'note');
    expect(notes.map(({ text }) => text)).toEqual(['asked to end by ana']);
  });

  test('starts what has not begun, so that it does not begin afterwards', async () => {
    api.temporal.setAway(true);
    const id = await start();
    const away = await cancel(id).expect(503);
    expect(away.body.code).toBe('unavailable.temporal');
    api.temporal.setAway(false);
    await cancel(id).expect(202);
    expect(api.temporal.started).toContain(id);
    expect(await api.store.investigations.get(id)).toMatchObject({ status: 'running' });
  });

  test('has nothing to do with what has ended', async () => {
    const id = await start();
    await finish(api.store, id, { status: 'cancelled' });
    const { body } = await cancel(id).expect(409);
    expect(body.code).toBe('conflict.ended');
    await cancel('inv-none').expect(404);
  });
});

describe('GET /api/v1/slos', () => {
  test('lists evaluations, newest first, and sweeps when asked', async () => {
    const investigationId = await start();
    const note = (state: 'quiet' | 'unknown', at: number) =>
      api.store.slos.note({
        slo: 'checkout-good',
        state,
        at,
        investigationId,
        detail: { burnRate: 2 },
      });
    await note('quiet', 1_000);
    await note('unknown', 2_000);
    const { body } = await request(api.server).get('/api/v1/slos/evaluations?limit=1').expect(200);
    expect(body).toEqual({
      evaluations: [
        {
          slo: 'checkout-good',
          state: 'unknown',
          at: '1970-01-01T00:00:02.000Z',
          detail: { burnRate: 2 },
        },
      ],
    });
    const swept = await request(api.server).post('/api/v1/slos/sweep').send({}).expect(200);
    expect(swept.body).toEqual({ evaluated: 1, burning: 0, opened: [] });
    await request(api.server).post('/api/v1/slos/sweep').expect(200);
  });
});
