import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { reportSchema } from '../../core/schemas/report.ts';
import { draft, evidence, plan, planHash } from '../store/samples.ts';
import { startTestApi } from './support/api.ts';
import type { TestApi } from './support/api.ts';
import { finish, propose } from './support/story.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});

afterAll(async () => {
  await api.close();
});

async function start(): Promise<{ readonly id: string; readonly self: string }> {
  const { body } = await request(api.server)
    .post('/api/v1/investigations')
    .send({ case: 'quiet-night' })
    .expect(202);
  return { id: body.id, self: body.links.self };
}

describe('GET /api/v1/investigations/{id}/report', () => {
  test('says how far it is while there is none', async () => {
    const { id, self } = await start();
    await api.store.events.append(id, [draft('begun', 'scope', { percent: 4 })], Date.now());
    const { body } = await request(api.server).get(`${self}/report`).expect(404);
    expect(body).toMatchObject({
      code: 'not-found.report',
      context: { phase: 'fan-out', percent: 4 },
    });
  });

  test('gives JSON, and Markdown to whoever prefers it', async () => {
    const { id, self } = await start();
    const written = await finish(api.store, id);
    const json = await request(api.server).get(`${self}/report`).expect(200);
    expect(reportSchema.parse(json.body)).toEqual(written);
    expect(json.headers['vary']).toMatch(/accept/i);
    const markdown = await request(api.server)
      .get(`${self}/report`)
      .set('Accept', 'text/markdown')
      .expect(200);
    expect(markdown.headers['content-type']).toMatch('text/markdown');
    expect(markdown.text).toMatch(/^# No cause found\n/);
    expect(markdown.text).toContain('all is as before');
    const any = await request(api.server).get(`${self}/report`).set('Accept', '*/*').expect(200);
    expect(any.headers['content-type']).toMatch('application/json');
  });

  test('shows what became of its actions after it was written', async () => {
    const { id, self } = await start();
    const actionId = 'act-report';
    const at = Date.now();
    const proposal = { ...plan(id, actionId), expiresAt: '2999-01-01T00:00:00.000Z' };
    await propose(api.store, proposal, planHash);
    await finish(api.store, id);
    const actionOf = async () => {
      const { body } = await request(api.server).get(`${self}/report`).expect(200);
      return reportSchema.parse(body).actions[0];
    };
    expect(await actionOf()).toMatchObject({ actionId, state: 'proposed', decidedBy: null });

    const { actions } = api.store;
    const signal = { actionId, planHash, decision: 'approve', reason: '' } as const;
    const decision = { key: 'd1', actionId, at, signal, person: 'ana', grantId: 'g1' };
    await actions.recordDecision({ ...decision, accepted: true, because: 'granted' });
    expect(await actionOf()).toMatchObject({ state: 'proposed', decidedBy: 'ana' });

    await actions.prepare({ actionId, planHash, idempotencyKey: actionId, at });
    await actions.markSent(actionId, 1, at);
    expect(await actionOf()).toMatchObject({ state: 'unknown' });

    const evidenceIds = ['ev-00000000000000ff'];
    const kept = [evidence('ev-00000000000000ff', { status: 200 })];
    await actions.settle({ actionId, epoch: 1, state: 'applied', reply: {}, evidence: kept, at });
    expect(await actionOf()).toEqual({
      actionId,
      planHash,
      tool: 'call-ops',
      target: { kind: 'service', name: 'payments' },
      state: 'applied',
      decidedBy: 'ana',
      evidenceIds,
    });
  });
});

describe('GET /api/v1/investigations/{id}/iterations', () => {
  const iteration = {
    role: 'trace',
    round: 1,
    reasoning: 'payments is slower than it was',
    tools: ['find-slow-spans'],
    hypotheses: ['payments: slow-dependency (open)'],
    continued: true,
    at: '2026-03-02T10:00:01.250Z',
    evidenceIds: ['ev-0123456789abcdef'],
  };

  test('TA-12 tells of each round what was looked at, what came of it and whether it went on, while it runs', async () => {
    const { id, self } = await start();
    const at = Date.parse(iteration.at);
    const events = [
      draft('ended', 'trace.r1.observe.1', {
        data: { tool: 'find-slow-spans', evidenceIds: iteration.evidenceIds },
      }),
      draft('ended', 'trace.r1.orient', {
        oodaPhase: 'orient',
        data: { hypotheses: iteration.hypotheses },
      }),
      draft('ended', 'trace.r1.decide', {
        oodaPhase: 'decide',
        text: iteration.reasoning,
        data: { decision: 'look' },
      }),
      draft('begun', 'trace.r2.observe.1', { round: 2 }),
    ];
    for (const event of events) await api.store.events.append(id, [event], at);
    const { body } = await request(api.server).get(`${self}/iterations`).expect(200);
    expect(body).toEqual({ complete: false, iterations: [iteration] });
  });

  test('TA-12 gives those of the report once it is written', async () => {
    const { id, self } = await start();
    await finish(api.store, id, { iterations: [iteration] });
    const { body } = await request(api.server).get(`${self}/iterations`).expect(200);
    expect(body).toEqual({ complete: true, iterations: [iteration] });
  });

  test('keeps the rounds of a specialist apart that ran again to answer a question', async () => {
    const { id, self } = await start();
    const run = (prefix: string, tool: string) => [
      draft('ended', `${prefix}.r1.observe.1`, { data: { tool } }),
      draft('ended', `${prefix}.r1.decide`, {
        oodaPhase: 'decide',
        data: { decision: 'conclude' },
      }),
    ];
    const events = [...run('log', 'mine-templates'), ...run('log.question-1', 'search-logs')];
    for (const event of events) {
      await api.store.events.append(id, [{ ...event, role: 'log' }], Date.now());
    }
    const { body } = await request(api.server).get(`${self}/iterations`).expect(200);
    expect(body.iterations.map(({ tools }: { tools: string[] }) => tools)).toEqual([
      ['mine-templates'],
      ['search-logs'],
    ]);
  });
});
