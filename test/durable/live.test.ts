import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { toIso } from '../../core/report/iso.ts';
import type { Report } from '../../core/schemas/report.ts';
import { familyOf, historyEvents, inputOf, keepHistories, openClient } from '../support/history.ts';
import { holdStep } from '../support/hold-step.ts';
import { eventsOf, investigate, reportOf, startLine } from '../support/line.ts';
import type { Line } from '../support/line.ts';
import {
  badDeployVersion,
  keepLines,
  partLines,
  retellIncident,
} from '../support/receive-incident.ts';
import { sharedTemporal } from '../support/temporal.ts';

/** Investigations of what was received, without a recorded case. */
let line: Line;
let client: Client;

beforeAll(async () => {
  const { address } = sharedTemporal();
  line = await startLine({ temporalAddress: address });
  client = await openClient(address);
}, 240_000);

afterAll(async () => {
  await line?.stop();
  await client?.connection.close();
}, 240_000);

/** Every step of a run that has ended, by its key. */
async function endedSteps(id: string): Promise<readonly string[]> {
  const events = await eventsOf(line, id);
  return events.filter(({ type }) => type === 'ended').map(({ stepKey }) => stepKey);
}

/** The clock of the workflow when it began with its second look. */
async function decidedToLookAgainAt(id: string): Promise<number> {
  const events = await historyEvents(client, id);
  const first = events.findIndex(
    (event) =>
      event.activityTaskScheduledEventAttributes !== undefined &&
      (inputOf(event) as { readonly stepKey?: string }).stepKey?.startsWith('again.') === true,
  );
  const task = events
    .slice(0, first)
    .findLast(({ eventType }) => eventType === 'EVENT_TYPE_WORKFLOW_TASK_STARTED');
  return Date.parse(task?.eventTime ?? '');
}

describe('a live investigation', () => {
  let id = '';
  let report: Report;
  let startedAt = 0;

  beforeAll(async () => {
    const endAt = Date.now();
    const { alert, lines } = await retellIncident('bad-deploy', {
      endAt,
      versionOf: badDeployVersion,
    });
    const [early, late] = partLines(lines, endAt - 70_000);
    await keepLines(line.stateDir, early, { openedAt: endAt - 130_000 });
    await line.worker()?.stop();
    startedAt = Date.now();
    id = await investigate(line, { alert });
    const held = await holdStep(line.databaseUrl, {
      investigationId: id,
      workflowId: id,
      stepKey: 'snapshot',
    });
    const plan = await holdStep(line.databaseUrl, {
      ...{ investigationId: id, workflowId: id, stepKey: 'plan' },
    });
    await line.startWorker();
    await held.untilHeld(60_000);
    line.worker()?.kill9();
    await held.release();
    // What is late comes in during the first look.
    await plan.untilHeld(60_000);
    await keepLines(line.stateDir, late, { openedAt: endAt - 60_000, number: 2 });
    await plan.release();
    report = await reportOf(line, id);
    await client.workflow.getHandle(id).result();
    await keepHistories(client, 'live', await familyOf(client, id));
  }, 240_000);

  test('takes its snapshot once, and whole, though the worker was killed over it', async () => {
    expect(await readdir(join(line.stateDir, 'snapshots'))).toEqual([id]);
    const steps = await endedSteps(id);
    expect(steps.filter((stepKey) => stepKey === 'snapshot')).toHaveLength(1);
  });

  test('looks again before it concludes, and names the cause from what arrived late', async () => {
    const steps = await endedSteps(id);
    expect(steps).toContain('trace.r1.decide');
    expect(steps.indexOf('again.snapshot')).toBeGreaterThan(steps.indexOf('trace.r1.decide'));
    expect(steps).toContain('trace.again.r1.decide');
    expect(report).toMatchObject({
      case: `live-${id}`,
      status: 'completed',
      ended: 'answered',
      verdict: 'cause-found',
      causes: [{ entity: { kind: 'service', name: 'checkout' }, faultKind: 'bad-deploy' }],
    });
    expect(report.iterations.filter(({ role }) => role === 'trace').length).toBeGreaterThan(1);
  });

  test('does not look again before what is late can have arrived, and tells until when it waits', async () => {
    const events = await eventsOf(line, id);
    const [first] = await line.store.steps.results([{ workflowId: id, stepKey: 'snapshot' }]);
    const { returned } = (first?.result ?? {}) as {
      readonly returned?: { readonly settledAt: number };
    };
    const settledAt = returned?.settledAt ?? Number.NaN;
    const againAt = Date.parse(
      events.find(({ stepKey }) => stepKey === 'again.snapshot')?.at ?? '',
    );
    expect(againAt).toBeGreaterThanOrEqual(settledAt);
    const told = events.filter(({ stepKey, type }) => stepKey === 'again.wait' && type === 'ended');
    // A machine that is slow to look has nothing left to wait for.
    const isSlow = (await decidedToLookAgainAt(id)) >= settledAt;
    expect(told).toHaveLength(isSlow ? 0 : 1);
    for (const { text, data } of told) {
      expect(text).toMatch(/^waits until [\d:]{8} UTC for/);
      expect(data['until']).toBe(toIso(settledAt));
    }
  });

  test('says up to when it has looked', () => {
    const [, upTo = ''] = /Looked up to (\S+Z)\.$/.exec(report.summary) ?? [];
    expect(Date.parse(upTo)).toBeLessThanOrEqual(Date.now());
    expect(Date.parse(upTo)).toBeGreaterThanOrEqual(startedAt);
  });
});

describe('a live investigation that cannot look again', () => {
  let brokenAt = 0;
  let report: Report;

  beforeAll(async () => {
    const endAt = Date.now();
    const { alert, lines } = await retellIncident('bad-deploy', {
      endAt,
      versionOf: badDeployVersion,
    });
    await rm(join(line.stateDir, 'telemetry'), { recursive: true, force: true });
    await keepLines(line.stateDir, lines, { openedAt: endAt - 130_000 });
    await line.worker()?.stop();
    const id = await investigate(line, { alert, budget: { wallMs: 90_000 } });
    const plan = await holdStep(line.databaseUrl, {
      ...{ investigationId: id, workflowId: id, stepKey: 'plan' },
    });
    await line.startWorker();
    await plan.untilHeld(60_000);
    brokenAt = Date.now();
    // No file can be read there, however often it is tried.
    await mkdir(join(line.stateDir, 'telemetry', 'logs', `${brokenAt}-1-1.jsonl`));
    await plan.release();
    report = await reportOf(line, id, 120_000);
    await client.workflow.getHandle(id).result();
    await keepHistories(client, 'second-look-failed', await familyOf(client, id));
  }, 240_000);

  test('concludes in time, from what the first look has found', () => {
    expect(report).toMatchObject({
      status: 'completed',
      ended: 'answered',
      verdict: 'cause-found',
      causes: [{ entity: { kind: 'service', name: 'checkout' }, faultKind: 'bad-deploy' }],
    });
  });

  test('says up to when it has looked, and that looking again failed', () => {
    const failed = 'A second look, at what arrived later, failed.';
    const [, upTo = '', more] = /Looked up to (\S+Z)\. (.*)$/.exec(report.summary) ?? [];
    expect(Date.parse(upTo)).toBeLessThanOrEqual(brokenAt);
    expect(more).toBe(failed);
    expect(report.gaps).toContainEqual({ signal: 'scope', reason: failed });
  });
});
