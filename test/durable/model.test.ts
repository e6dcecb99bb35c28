import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { startLocalGemini } from '../../examples/local-gemini/start-local-gemini.ts';
import type { LocalGemini } from '../../examples/local-gemini/start-local-gemini.ts';
import { prompts } from '../../agents/prompts.ts';
import type { Report } from '../../core/schemas/report.ts';
import { historyEvents, inputOf, openClient } from '../support/history.ts';
import { caseOf } from '../support/incidents.ts';
import { investigate, reportOf, startLine } from '../support/line.ts';
import type { Line, LineOptions } from '../support/line.ts';
import { sharedTemporal } from '../support/temporal.ts';
import { waitUntil } from '../support/wait-until.ts';

/** The whole product with a model, on a local Gemini that is a process of its own. */
let gemini: LocalGemini;
let client: Client;
let line: Line | null = null;
const others: LocalGemini[] = [];

beforeAll(async () => {
  gemini = await startLocalGemini();
  client = await openClient(sharedTemporal().address);
}, 60_000);

afterAll(async () => {
  await line?.stop();
  await client?.connection.close();
  await gemini?.stop();
  for (const other of others) await other.stop();
}, 60_000);

/** One line at a time: workers of two would take each other's work. */
async function start(env: NonNullable<LineOptions['env']>): Promise<Line> {
  await line?.stop();
  line = await startLine({
    temporalAddress: sharedTemporal().address,
    env: {
      GEMINI_API_KEY: 'local',
      GOOGLE_GEMINI_BASE_URL: gemini.url,
      HOLDFAST_MODEL_PRICE: '0.3,2.5',
      ...env,
    },
  });
  return line;
}

interface KeptDecide {
  readonly kept: { readonly exchange: { readonly added: readonly unknown[] } };
}
const noExchange: KeptDecide['kept'] = { exchange: { added: [] } };

const modelGaps = ({ gaps }: Report): string[] =>
  gaps.filter(({ signal }) => signal === 'model').map(({ reason }) => reason);

describe('without a model', () => {
  test('TA-47 RT-90 nothing is contacted, though a key and an address are there, and the report says who decided', async () => {
    const before = await gemini.counts();
    const product = await start({ MODEL: 'none' });
    const report = await reportOf(product, await investigate(product, { case: caseOf('healthy') }));
    expect((await fetch(`${product.url}/health`)).ok).toBe(true);
    const after = await gemini.counts();
    expect(after.models).toEqual(before.models);
    // Those who count are counted.
    expect(after.connections - before.connections).toBeLessThanOrEqual(1);
    expect(report.reasoner).toMatchObject({ kind: 'embedded', model: null });
    expect(report.cost).toMatchObject({ modelCalls: 0, usdMicros: 0 });
  }, 120_000);
});

describe('with a model', () => {
  test('OS-62 RT-30 AU-16 RT-90 it decides, plans and puts into words; what it was told is on record, and history holds references only', async () => {
    const product = await start({
      MODEL: 'gemini',
      GEMINI_MODEL: 'competent',
      HOLDFAST_MASK_PATTERNS: '/or[a-z]+',
    });
    const before = await gemini.counts();
    expect((await fetch(`${product.url}/health`)).ok).toBe(true);
    expect((await gemini.counts()).models).toEqual(before.models);
    const id = await investigate(product, { case: caseOf('bad-deploy') });
    const report = await reportOf(product, id);
    expect(report.verdict).toBe('cause-found');
    expect(report.reasoner).toMatchObject({ kind: 'model', model: 'competent', fallbacks: [] });
    expect(report.reasoner?.promptHashes['trace']).toBe(prompts.trace.hash);
    expect(new Set(Object.values(report.reasoner?.promptHashes ?? {})).size).toBe(7);
    expect(report.diagnosis).toMatchObject({ category: 'bad-deploy', validityRatio: 1 });
    expect(report.diagnosis?.rootCause?.text).toContain('checkout');
    expect(report.diagnosis?.validatedClaims.length).toBeGreaterThan(2);

    const calls = await product.store.modelCalls.list(id);
    expect(report.cost.modelCalls).toBe(calls.length);
    expect(report.cost.usdMicros).toBe(calls.reduce((sum, { usdMicros }) => sum + usdMicros, 0));
    expect(calls.every(({ state }) => state === 'settled')).toBe(true);

    const events = await historyEvents(client, `${id}/trace`);
    const decided = events.find(
      (event) => event.activityTaskScheduledEventAttributes?.activityType.name === 'trace.decide',
    );
    if (decided === undefined) throw new Error('trace has decided nothing');
    expect(decided).toMatchObject({
      activityTaskScheduledEventAttributes: { taskQueue: { name: 'holdfast-model' } },
    });
    expect(inputOf(decided)).toMatchObject({
      model: { model: { name: 'competent', prompts: { trace: prompts.trace.hash } } },
    });
    const text = JSON.stringify(events);
    expect(text).not.toContain('functionCall');
    expect(text.length).toBeLessThan(200_000);

    const [kept] = await product.store.steps.results([
      { workflowId: `${id}/trace`, stepKey: 'trace.r1.decide' },
    ]);
    const { exchange } = (kept?.result as KeptDecide | undefined)?.kept ?? noExchange;
    expect(exchange.added).toMatchObject([
      { role: 'user', text: expect.stringMatching(/^# Alert\n/) },
      {
        role: 'model',
        turn: {
          calls: [{ name: 'conclude' }],
          native: { provider: 'gemini', model: 'competent', content: { role: 'model' } },
        },
      },
    ]);
    expect(JSON.stringify(exchange.added)).not.toMatch(/\b(checkout|gateway|payments|orders)\b/);
    expect(JSON.stringify(report.diagnosis)).toContain('POST /orders');
  }, 120_000);

  test('OS-60 RT-40 TA-28 a budget that is used up ends in a report by the embedded policy', async () => {
    const product = await start({
      MODEL: 'gemini',
      GEMINI_MODEL: 'competent',
      HOLDFAST_MODEL_PRICE: '',
      HOLDFAST_MODEL_MAX_CENTS: '40',
    });
    const id = await investigate(product, { case: caseOf('healthy') });
    const report = await reportOf(product, id);
    expect(report).toMatchObject({ status: 'completed', verdict: 'no-cause-found' });
    expect(modelGaps(report).join()).toContain('the budget for the model was used up');
    expect(report.cost.usdMicros).toBeLessThanOrEqual(400_000);
    expect(report.cost.usdMicros).toBeGreaterThan(0);
  }, 120_000);

  test('OS-60 a provider that goes away in the middle leaves a report that says from which round the embedded policy went on', async () => {
    const mortal = await startLocalGemini();
    others.push(mortal);
    const product = await start({
      MODEL: 'gemini',
      GEMINI_MODEL: 'competent',
      GOOGLE_GEMINI_BASE_URL: mortal.url,
    });
    const id = await investigate(product, { case: caseOf('bad-deploy') });
    await waitUntil(
      'the model to have spoken',
      async () => ((await mortal.counts()).models['competent'] ?? 0) >= 2,
      60_000,
    );
    process.kill(mortal.pid, 'SIGKILL');
    const report = await reportOf(product, id);
    expect(report).toMatchObject({ status: 'completed', verdict: 'cause-found' });
    expect(report.reasoner?.kind).toBe('model');
    expect(modelGaps(report)).toContainEqual(
      expect.stringMatching(
        /^From round \d of .* on the embedded policy decided: the model could not be asked/,
      ),
    );
  }, 180_000);
});
