import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { evidenceSchema } from '../../core/schemas/evidence.ts';
import { findingSchema } from '../../core/schemas/finding.ts';
import { reportSchema } from '../../core/schemas/report.ts';
import type { Report } from '../../core/schemas/report.ts';
import type { ProgressEvent } from '../../core/schemas/progress.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { runCommand } from '../../scripts/run-command.ts';
import { callTools } from '../support/call-tools.ts';
import { historyEvents, inputOf, openClient } from '../support/history.ts';
import { holdStep } from '../support/hold-step.ts';
import { builtFile } from '../support/built-product.ts';
import { caseOf } from '../support/incidents.ts';
import { startTarget } from '../support/rollback-target.ts';
import type { Target } from '../support/rollback-target.ts';
import { eventsOf, investigate, reportOf, startLine } from '../support/line.ts';
import type { Line } from '../support/line.ts';
import { sharedTemporal } from '../support/temporal.ts';

/** What one investigation shows of itself over HTTP and Temporal. */
let line: Line;
let client: Client;
let target: Target;
let id = '';
let report: Report;
let events: readonly ProgressEvent[] = [];

beforeAll(async () => {
  const { address } = sharedTemporal();
  target = await startTarget();
  line = await startLine({
    temporalAddress: address,
    services: [{ name: 'checkout', url: target.url, token: target.token }],
  });
  client = await openClient(address);
  id = await investigate(line, { case: caseOf('bad-deploy') });
  report = await reportOf(line, id);
  events = await eventsOf(line, id);
}, 240_000);

afterAll(async () => {
  await line?.stop();
  await client?.connection.close();
  await target?.close();
}, 240_000);

async function get(path: string): Promise<unknown> {
  const response = await fetch(`${line.url}/api/v1/investigations/${id}${path}`);
  expect(response.status).toBe(200);
  return response.json();
}

describe('the pipeline', () => {
  test('OS-50 OS-34 TA-23 goes through its six stages in order, and every phase carries its stage', () => {
    const stages = events.map(({ stage }) => stage);
    const firsts = [...new Set(stages)];
    expect(firsts).toEqual([
      'resolve-integrations',
      'extract-alert',
      'plan-actions',
      'gather-evidence',
      'diagnose',
      'deliver',
    ]);
    const phases = [...new Set(events.map(({ phase }) => phase))];
    expect(phases).toEqual([
      'scope',
      'plan',
      'fan-out',
      'synthesise',
      'verify',
      'remediate',
      'report',
    ]);
  });

  test('AU-01 the orchestrator chooses specialists and asks each its own question', async () => {
    const planned = events.find(({ stepKey, type }) => stepKey === 'plan' && type === 'ended');
    expect(planned?.data['roles']).toEqual(['aggregation', 'trace', 'log', 'change']);
    const questions = new Set<string>();
    for (const role of ['aggregation', 'trace', 'log', 'change']) {
      const [first] = await historyEvents(client, `${id}/${role}`);
      const input = (
        first as {
          workflowExecutionStartedEventAttributes?: { input?: { payloads?: { data?: string }[] } };
        }
      ).workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data;
      const { question } = JSON.parse(Buffer.from(input ?? '', 'base64').toString('utf8')) as {
        readonly question: string;
      };
      questions.add(question);
    }
    expect(questions.size).toBe(4);
  });

  test('AU-08 OS-43 each specialist reasons from what it saw itself, in a session of its own', async () => {
    for (const role of ['aggregation', 'trace', 'log', 'change']) {
      for (const event of await historyEvents(client, `${id}/${role}`)) {
        if (event.activityTaskScheduledEventAttributes?.activityType.name !== `${role}.orient`)
          continue;
        const { observed, findings } = inputOf(event) as {
          readonly observed: readonly { readonly workflowId: string }[];
          readonly findings: readonly unknown[];
        };
        expect(new Set(observed.map(({ workflowId }) => workflowId))).toEqual(
          new Set([`${id}/${role}`]),
        );
        expect(findings).toEqual([]);
      }
    }
  });

  test('OS-38 TA-22 each round selects tools, collects, weighs and decides whether to go on', async () => {
    const { iterations } = (await get('/iterations')) as {
      readonly iterations: Report['iterations'];
    };
    const trace = iterations.filter(({ role }) => role === 'trace');
    expect(trace.map(({ round, continued }) => [round, continued])).toEqual([
      [1, true],
      [2, false],
    ]);
    for (const one of trace) {
      expect(one.tools.length).toBeGreaterThan(0);
      expect(one.hypotheses.length).toBeGreaterThan(0);
      expect(one.evidenceIds.length).toBeGreaterThan(0);
      expect(one.reasoning).not.toBe('');
    }
  });

  test('TA-29 the calls of a round run together, and so do the specialists', () => {
    const begunAt = (key: string): number => at(key, 'begun');
    const endedAt = (key: string): number => at(key, 'ended');
    const firsts = ['aggregation', 'trace', 'log', 'change'].map((role) => `${role}.r1.observe.1`);
    const lastBegun = Math.max(...firsts.map(begunAt));
    const lastEnded = Math.max(...firsts.map(endedAt));
    expect(lastBegun).toBeLessThan(lastEnded);
    expect(begunAt('scope.observe.2')).toBeLessThan(
      Math.max(endedAt('scope.observe.1'), endedAt('scope.observe.2')),
    );
  });

  test('AU-12 TA-24 findings and the report have the shapes that were agreed on', async () => {
    expect(reportSchema.safeParse(report).success).toBe(true);
    const keys = ['aggregation', 'trace', 'log', 'change'].map((role) => ({
      workflowId: `${id}/${role}`,
      stepKey: `${role}.r2.decide`,
    }));
    const kept = await line.store.steps.results(keys);
    expect(kept).toHaveLength(4);
    for (const { result } of kept) {
      const { finding } = (result as { readonly kept: { readonly finding: unknown } }).kept;
      expect(findingSchema.safeParse(finding).success).toBe(true);
    }
    expect(report.iterations.length).toBeGreaterThan(0);
  });

  test('OS-61 OS-65 every citation leads to evidence with key, data, tool, arguments, source, time and round', async () => {
    const cited = new Set(
      [...report.claims, ...report.causes, ...report.chain].flatMap((one) => one.evidenceIds),
    );
    expect(cited.size).toBeGreaterThan(2);
    for (const evidenceId of cited) {
      const evidence = evidenceSchema.parse(await get(`/evidence/${evidenceId}`));
      expect(evidence.id).toBe(evidenceId);
      expect(evidence.tool).not.toBe('');
      expect(evidence.round).toBeGreaterThanOrEqual(1);
      expect(evidence.takenAt).toBeGreaterThan(0);
      expect(evidence.query).not.toBe('');
    }
    expect(report.claims.every(({ checked }) => checked)).toBe(true);
  });
});

describe('the command line', () => {
  test('OS-12 OS-20 hands an investigation to the API, follows it, and prints the report and nothing else', async () => {
    const { code, stdout } = await runCommand(
      process.execPath,
      [builtFile('cli/main'), 'investigate', '--case', caseOf('bad-deploy'), '--json', '--wait'],
      {
        timeoutMs: 120_000,
        cwd: projectRoot(),
        env: { PATH: process.env['PATH'], HOLDFAST_URL: line.url, HOLDFAST_TOKEN: line.token },
      },
    );
    expect(code).toBe(0);
    const printed = reportSchema.parse(JSON.parse(stdout));
    expect(printed.causes).toEqual(report.causes);
  }, 240_000);
});

describe('the guard in front of every tool call', () => {
  test('AU-54 TA-34 OS-33 an unknown tool is denied as an error result, wrong arguments are too, and the loop goes on', async () => {
    const answers = await callTools({ client, line, id }, 'unknown-tool', [
      { tool: 'delete-everything', input: {} },
      { tool: 'inspect-change', input: { nonsense: 1 } },
      { tool: 'list-changes', input: {} },
    ]);
    expect(answers.map((one) => (one.ok ? 'ok' : one.code))).toEqual([
      'unsafe.unknown-tool',
      'invalid.tool-input',
      'ok',
    ]);
  }, 240_000);

  test('AU-50 AU-52 OS-32 OS-41 a write is not made without an approval, and no tool beyond the role’s own is called', async () => {
    const before = target.requests();
    const input = {
      service: 'checkout',
      path: '/ops/rollback',
      body: { toRevision: 'checkout-r118' },
      idempotencyKey: 'without-approval',
    };
    const answers = await callTools(
      { client, line, id },
      'write',
      [
        { tool: 'call-ops', input },
        { tool: 'compare-traces', input: {} },
      ],
      ['call-ops'],
    );
    expect(answers.map((one) => (one.ok ? 'ok' : one.code))).toEqual([
      'unsafe.denied',
      'unsafe.unknown-tool',
    ]);
    expect(target.requests()).toBe(before);
  }, 240_000);
});

describe('the time cap', () => {
  test('RT-33 is hard: a step that hangs cannot pass it, and a report exists', async () => {
    await line.worker()?.stop();
    const hung = await investigate(line, {
      case: caseOf('bad-deploy'),
      budget: { wallMs: 20_000 },
    });
    const hold = await holdStep(line.databaseUrl, {
      investigationId: hung,
      workflowId: `${hung}/trace`,
      stepKey: 'trace.r1.observe.1',
    });
    try {
      await line.startWorker();
      const cut = await reportOf(line, hung);
      expect(cut.ended).toBe('time');
      expect(cut.cost.wallMs).toBeLessThanOrEqual(25_000);
      expect(cut.gaps.map(({ signal }) => signal)).toContain('traces');
    } finally {
      await hold.release();
    }
  }, 240_000);
});

function at(stepKey: string, type: ProgressEvent['type']): number {
  const event = events.find((one) => one.stepKey === stepKey && one.type === type);
  if (event === undefined) throw new Error(`there is no ${type} of ${stepKey}`);
  return event.sequence;
}
