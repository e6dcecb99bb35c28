import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { startLocalGemini } from '../../examples/local-gemini/start-local-gemini.ts';
import type { LocalGemini } from '../../examples/local-gemini/start-local-gemini.ts';
import { prompts } from '../../agents/prompts.ts';
import type { Report } from '../../core/schemas/report.ts';
import { familyOf, historyEvents, inputOf, keepHistories, openClient } from '../support/history.ts';
import type { HistoryEvent } from '../support/history.ts';
import { holdStep } from '../support/hold-step.ts';
import { caseOf } from '../support/incidents.ts';
import { investigate, reportOf, startLine } from '../support/line.ts';
import type { Line, LineOptions } from '../support/line.ts';
import { sharedTemporal } from '../support/temporal.ts';
import { openTestFolder } from '../support/test-folder.ts';
import { waitUntil } from '../support/wait-until.ts';

/** The whole product with a model, on a local Gemini that is a process of its own. */
let gemini: LocalGemini;
let client: Client;
let line: Line | null = null;
const others: LocalGemini[] = [];
const folders = openTestFolder('model');

beforeAll(async () => {
  gemini = await startLocalGemini();
  client = await openClient(sharedTemporal().address);
}, 240_000);

afterAll(async () => {
  await line?.stop();
  await client?.connection.close();
  await gemini?.stop();
  for (const other of others) await other.stop();
  folders.remove();
}, 240_000);

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

const inputsOf = (event: HistoryEvent): unknown[] =>
  event.activityTaskScheduledEventAttributes === undefined ? [] : [inputOf(event)];
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
  }, 240_000);
});

describe('with a model', () => {
  const house = 'You work for Acme.';
  let product: Line;
  let id = '';
  let report: Report;
  /** What the model was told, over the wire. */
  let told: Awaited<ReturnType<LocalGemini['prompts']>>;
  const toldTo = (role: keyof typeof prompts) =>
    told.filter(({ system }) => system === `${house}\n\n${prompts[role].text}`);

  beforeAll(async () => {
    const file = join(folders.open(), 'prompt.md');
    await writeFile(file, `${house}\n`);
    product = await start({
      MODEL: 'gemini',
      GEMINI_MODEL: 'competent',
      SRE_PROMPT_PATH: file,
      HOLDFAST_MASK_PATTERNS: '/or[a-z]+',
    });
    id = await investigate(product, { case: caseOf('bad-deploy') });
    report = await reportOf(product, id);
    told = await gemini.prompts();
  }, 240_000);

  test('RT-90 to ask whether it is alive asks no model', async () => {
    const before = await gemini.counts();
    expect((await fetch(`${product.url}/health`)).ok).toBe(true);
    expect((await gemini.counts()).models).toEqual(before.models);
  });

  test('OS-62 one answer of its own is the diagnosis: cause, chain, claims that are validated and that are not, steps with their price, how to verify, what follows', () => {
    expect(told.filter(({ fields }) => fields.includes('rootCause'))).toHaveLength(1);
    expect(report.verdict).toBe('cause-found');
    expect(report.reasoner).toMatchObject({ kind: 'model', model: 'competent', fallbacks: [] });
    expect(report.diagnosis).toMatchObject({
      category: 'bad-deploy',
      notValidatedClaims: [],
      remediationSteps: [{ step: expect.any(String), tradeOff: 'What it brought is lost.' }],
      verificationSteps: ['The share of failed requests is as before.'],
      followUps: ['Alert on the first sign of it.'],
      validityRatio: 1,
    });
    expect(report.diagnosis?.rootCause?.text).toContain('checkout');
    expect(report.diagnosis?.causalChain.length).toBeGreaterThan(0);
    expect(report.diagnosis?.validatedClaims.length).toBeGreaterThan(2);
  });

  test('RT-30 a prompt begins with the file of the house and is on record by its hash; the alert is the first that is said', async () => {
    const hashes = Object.values(report.reasoner?.promptHashes ?? {});
    expect(new Set(hashes).size).toBe(7);
    const kept = await Promise.all(hashes.map((hash) => product.store.modelCalls.prompt(hash)));
    expect(new Set(kept)).toEqual(new Set(told.map(({ system }) => system)));
    for (const { system, text } of told) {
      expect(system).toMatch(/^You work for Acme\.\n\n/);
      expect(text).toMatch(/^# Alert\ntitle: /);
    }
  });

  test('AU-16 each role has its own part of the prompt and, of the tools of its own, those that have something to show; root cause asks with those of others', () => {
    // There are metrics, traces, logs and changes in the case, and nothing else.
    const offered = {
      aggregation: ['scan-metrics', 'inspect-metrics', 'check-coverage'],
      trace: ['compare-traces', 'inspect-spans', 'check-coverage'],
      log: ['cluster-logs', 'read-log-lines', 'check-coverage'],
      change: ['list-changes', 'inspect-change', 'match-changes', 'check-coverage'],
    };
    for (const role of ['aggregation', 'trace', 'log', 'change'] as const) {
      expect(toldTo(role)[0]?.functions).toEqual([...offered[role], 'conclude']);
    }
    const [first] = toldTo('root-cause');
    expect(first?.functions).toContain('trace.inspect-spans');
    expect(first?.functions.filter((name) => !name.includes('.'))).toEqual(['conclude']);
    expect(first?.functions.join()).not.toMatch(/call-ops|list-events/);
  });

  test('OS-39 what was seen, with the ids by which it is cited, and how it stands are put together from what is kept', async () => {
    const [first] = toldTo('trace');
    const ids = first?.text.match(/ev-[0-9a-f]{16}/g) ?? [];
    const kept = await product.store.evidence.many(id, [...new Set(ids)]);
    expect(kept.map(({ kind }) => kind)).toContain('traces');
    expect(kept).toHaveLength(new Set(ids).size);
    expect(first?.text).toMatch(
      /# Observed\n## compare-traces \{\}\n[^]*# Hypotheses, weighed by code\n1\. \[/,
    );
  });

  test('OS-46 OS-81 OS-82 names, and what a pattern of the user matches, are hidden from the model and stand in the report', () => {
    expect(JSON.stringify(told)).not.toMatch(/\b(checkout|gateway|payments|ledger-db|orders)\b/);
    expect(JSON.stringify(report.diagnosis)).toContain('POST /orders');
    expect(JSON.stringify(report)).not.toMatch(/<?(SERVICE|TERM)_\d/);
  });

  test('every call is settled and paid for, and what was said is kept beside the history, which holds references only', async () => {
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
      model: { model: { name: 'competent', prompts: report.reasoner?.promptHashes } },
    });
    const text = JSON.stringify(events);
    expect(text).not.toContain('functionCall');
    expect(text.length).toBeLessThan(200_000);

    const [kept] = await product.store.steps.results([
      { workflowId: `${id}/trace`, stepKey: 'trace.r1.decide' },
    ]);
    const { exchange } = (kept?.result as KeptDecide | undefined)?.kept ?? noExchange;
    expect(exchange.added).toMatchObject([
      { role: 'user' },
      {
        role: 'model',
        turn: {
          calls: [{ name: 'conclude' }],
          native: { provider: 'gemini', model: 'competent', content: { role: 'model' } },
        },
      },
    ]);
  });
});

describe('with a model that fails', () => {
  test('RT-37 AU-16 arguments that a tool does not take go back to the model, and the tool does not run; all tools are on offer where that is wanted', async () => {
    const product = await start({
      MODEL: 'gemini',
      GEMINI_MODEL: 'broken-missing-arguments',
      HOLDFAST_MODEL_SLIM_TOOLS: 'false',
    });
    const id = await investigate(product, { case: caseOf('bad-deploy') });
    const report = await reportOf(product, id);
    const told = (await gemini.prompts()).filter(({ model }) => model.startsWith('broken-'));
    expect(told.map(({ latest }) => latest)).toContainEqual(
      expect.stringMatching(/inspect-spans: service: /),
    );
    for (const workflowId of await familyOf(client, id)) {
      const inputs = (await historyEvents(client, workflowId)).map((event) => inputsOf(event));
      expect(JSON.stringify(inputs)).not.toContain('"by":"model"');
    }
    expect(told.flatMap(({ functions }) => functions)).toContain('change.list-events');
    expect(report).toMatchObject({ status: 'completed', verdict: 'cause-found' });
    expect(modelGaps(report)).toContainEqual(
      expect.stringMatching(
        /^In round 1 of plan, .*round 1 of trace, .* the embedded policy decided: /,
      ),
    );
  }, 240_000);

  test('TA-35 what is no JSON is repaired, else asked for once more, else the embedded policy decides', async () => {
    const product = await start({ MODEL: 'gemini', GEMINI_MODEL: 'broken-fenced-json' });
    const id = await investigate(product, { case: caseOf('bad-deploy') });
    const report = await reportOf(product, id);
    expect(report).toMatchObject({ status: 'completed', verdict: 'cause-found' });
    const { repairCount, askedAgainCount, fallbacks } = report.reasoner ?? {};
    expect(repairCount).toBeGreaterThan(0);
    expect(askedAgainCount).toBeGreaterThan(0);
    expect(new Set(fallbacks?.map(({ because }) => because))).toEqual(new Set(['model-output']));
  }, 240_000);

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
  }, 240_000);

  test('RT-73 two at once never take more than an hour may cost, and each ends in a report by the embedded policy', async () => {
    const product = await start({
      MODEL: 'gemini',
      GEMINI_MODEL: 'competent',
      HOLDFAST_MODEL_PRICE: '',
      HOLDFAST_MODEL_MAX_CENTS_PER_HOUR: '40',
    });
    const reports = await Promise.all(
      ['healthy', 'bad-deploy'].map(async (alias) =>
        reportOf(product, await investigate(product, { case: caseOf(alias) })),
      ),
    );
    expect(reports.map(({ status, verdict }) => [status, verdict])).toEqual([
      ['completed', 'no-cause-found'],
      ['completed', 'cause-found'],
    ]);
    for (const report of reports) {
      expect(modelGaps(report).join()).toContain('the budget for the model was used up');
    }
    const taken = reports.reduce((sum, { cost }) => sum + cost.usdMicros, 0);
    expect(taken).toBeLessThanOrEqual(400_000);
    expect(taken).toBeGreaterThan(0);
  }, 240_000);

  test('OS-58 OS-59 a repeated call is answered with what it brought before; after two rounds without new evidence the tools are gone, and the model concludes', async () => {
    const product = await start({ MODEL: 'gemini', GEMINI_MODEL: 'broken-drift' });
    const report = await reportOf(product, await investigate(product, { case: caseOf('healthy') }));
    expect(report).toMatchObject({ status: 'completed', verdict: 'no-cause-found' });
    const told = (await gemini.prompts()).filter(({ model }) => model === 'broken-drift');
    const replayed = told.filter(({ latest }) => latest.includes('not made again'));
    expect(replayed.length).toBeGreaterThan(0);
    for (const { latest } of replayed) {
      expect(latest).toMatch(
        /The same as before, not made again:\n## [a-z-]+ \{[^\n]*\nevidence: /,
      );
    }
    const idle = told.filter(({ latest }) => latest.includes('rounds brought nothing new'));
    expect(idle.length).toBeGreaterThan(0);
    for (const { functions, system, turns } of idle) {
      expect(functions).toEqual(['conclude']);
      expect(told.filter((one) => one.system === system && one.turns > turns)).toEqual([]);
    }
  }, 240_000);

  /** Begins an investigation and kills its model when it has spoken twice; root cause cannot begin before. */
  async function loseModel(env: NonNullable<LineOptions['env']>): Promise<Report> {
    const mortal = await startLocalGemini();
    others.push(mortal);
    const product = await start({
      MODEL: 'gemini',
      GEMINI_MODEL: 'competent',
      GOOGLE_GEMINI_BASE_URL: mortal.url,
      ...env,
    });
    await product.worker()?.stop();
    const id = await investigate(product, { case: caseOf('bad-deploy') });
    const held = await holdStep(product.databaseUrl, {
      ...{ investigationId: id, workflowId: id, stepKey: 'root-cause.r1.orient' },
    });
    try {
      await product.startWorker();
      await waitUntil(
        'the model to have spoken',
        async () => ((await mortal.counts()).models['competent'] ?? 0) >= 2,
        60_000,
      );
      process.kill(mortal.pid, 'SIGKILL');
    } finally {
      await held.release();
    }
    return reportOf(product, id);
  }

  test('OS-60 a provider that goes away in the middle leaves a report that says from which round the embedded policy went on', async () => {
    const report = await loseModel({});
    expect(report).toMatchObject({ status: 'completed', verdict: 'cause-found' });
    expect(report.reasoner?.kind).toBe('model');
    expect(modelGaps(report)).toContainEqual(
      expect.stringMatching(
        /^From round \d of .* on the embedded policy decided: the model could not be asked/,
      ),
    );
    // Root cause asks the change specialist a question, whose rounds begin anew.
    const roles = report.reasoner?.fallbacks.map(({ role }) => role);
    expect(roles).toEqual(expect.arrayContaining(['root-cause', 'change on a question']));
    const id = report.investigationId;
    await client.workflow.getHandle(id).result();
    await keepHistories(client, 'model-lost', await familyOf(client, id));
  }, 240_000);

  test('TA-47 where a model is required, one that goes away in the middle ends it as failed, with the reason', async () => {
    const report = await loseModel({ REQUIRE_MODEL: 'true' });
    expect(report).toMatchObject({ status: 'failed', verdict: 'inconclusive', causes: [] });
    expect(report.summary).toMatch(
      /^The investigation could not be completed\. A model is required here, and competent could not be asked: unavailable\.model\./,
    );
    expect(report.reasoner?.fallbacks).toEqual([]);
    expect(report.cost.wallMs).toBeLessThan(60_000);
  }, 240_000);

  test('TA-47 where a model is required, a budget that is used up ends it as failed, with the reason', async () => {
    const product = await start({
      ...{ MODEL: 'gemini', GEMINI_MODEL: 'competent', REQUIRE_MODEL: 'true' },
      ...{ HOLDFAST_MODEL_PRICE: '', HOLDFAST_MODEL_MAX_CENTS: '40' },
    });
    const id = await investigate(product, { case: caseOf('healthy') });
    const report = await reportOf(product, id);
    expect(report).toMatchObject({ status: 'failed', verdict: 'inconclusive', causes: [] });
    expect(report.summary).toContain('could not be asked: budget-exceeded.model.');
    expect(report.cost.usdMicros).toBeLessThanOrEqual(400_000);
  }, 240_000);
});
