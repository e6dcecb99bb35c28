import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { startService } from '../examples/start-service.ts';
import type { RunningService } from '../examples/start-service.ts';
import {
  familyOf,
  historyEvents,
  historyJson,
  inputOf,
  keepHistories,
  openClient,
} from '../support/history.ts';
import { holdStep } from '../support/hold-step.ts';
import type { HeldStep } from '../support/hold-step.ts';
import { caseOf } from '../support/incidents.ts';
import { eventsOf, investigate, reportOf, startLine } from '../support/line.ts';
import type { Line } from '../support/line.ts';
import { sharedTemporal } from '../support/temporal.ts';
import { openTestFolder } from '../support/test-folder.ts';

/** Every way an investigation goes, on the whole product: API and worker as processes, a real Temporal server, a real PostgreSQL. */
let line: Line;
let client: Client;
let target: RunningService;
const folder = openTestFolder('target');
let stateDir = '';

const allSpecialists = ['aggregation', 'trace', 'log', 'change'];

beforeAll(async () => {
  const { address } = sharedTemporal();
  stateDir = folder.open();
  target = await startService([
    ...['--name', 'checkout', '--port', '0'],
    ...['--revision', 'checkout-r119', '--previous-revision', 'checkout-r118'],
    ...['--state', stateDir],
  ]);
  line = await startLine({
    temporalAddress: address,
    services: [{ name: 'checkout', url: target.url, token: target.token }],
  });
  client = await openClient(address);
}, 240_000);

afterAll(async () => {
  await line?.stop();
  await target?.kill();
  await client?.connection.close();
  folder.remove();
}, 240_000);

describe('an investigation of the bundled red herring', () => {
  let id = '';
  let family: readonly string[] = [];

  beforeAll(async () => {
    id = await investigate(line, { case: caseOf('red-herring') });
    await reportOf(line, id);
    await client.workflow.getHandle(id).result();
    family = await familyOf(client, id);
    await keepHistories(client, 'happy', family);
  }, 240_000);

  test('AU-07 at least two specialists took two rounds, and the second round follows from the first digest', async () => {
    const deep: string[] = [];
    for (const role of allSpecialists) {
      const events = await historyEvents(client, `${id}/${role}`);
      const observes = events.flatMap((event) => {
        const scheduled = event.activityTaskScheduledEventAttributes;
        return scheduled?.activityType.name === `${role}.observe`
          ? [inputOf(event) as { round: number; call: { tool: string; input: unknown } }]
          : [];
      });
      if (!observes.some(({ round }) => round === 2)) continue;
      deep.push(role);
      const digests = JSON.stringify(events.filter(isCompleted).map(resultOf));
      for (const { call } of observes.filter(({ round }) => round === 2)) {
        const { service, id: changeId } = call.input as { service?: string; id?: string };
        expect(digests).toContain(service ?? changeId);
      }
    }
    expect(deep.length).toBeGreaterThanOrEqual(2);
  });

  test('root cause sent one question back', () => {
    expect(family.filter((one) => one.includes('.question-'))).toHaveLength(1);
  });

  test('every activity is named for specialist and phase, with a summary and a group a round', async () => {
    for (const workflowId of family) {
      for (const event of await historyEvents(client, workflowId)) {
        const scheduled = event.activityTaskScheduledEventAttributes;
        if (scheduled === undefined) continue;
        expect(scheduled.activityType.name).toMatch(/^[a-z-]+\.[a-z-]+$/);
        expect(event.userMetadata?.summary?.data).toEqual(expect.any(String));
        if (/\.(observe|orient|decide)$/.test(scheduled.activityType.name)) {
          expect(event.eventGroupMarkers).toHaveLength(1);
        }
      }
    }
  });

  test('all histories together stay below 800 events and 1 MB, and no payload passes 64 KB', async () => {
    let events = 0;
    let bytes = 0;
    for (const workflowId of family) {
      const text = await historyJson(client, workflowId);
      events += (JSON.parse(text) as { events: unknown[] }).events.length;
      bytes += (await client.workflow.getHandle(workflowId).describe()).historySize ?? 0;
      for (const [, data = ''] of text.matchAll(/"data":\s?"([^"]*)"/g)) {
        expect(Buffer.byteLength(data, 'base64')).toBeLessThanOrEqual(65_536);
      }
    }
    expect(events).toBeLessThanOrEqual(800);
    expect(bytes).toBeLessThanOrEqual(1_000_000);
  });

  test('all four phases of a round are progress events, in order, without gaps', async () => {
    const events = await eventsOf(line, id);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    const ended = events.filter(
      ({ type, role, round }) => type === 'ended' && role === 'trace' && round === 1,
    );
    expect([...new Set(ended.map(({ oodaPhase }) => oodaPhase))]).toEqual([
      'observe',
      'orient',
      'decide',
      'act',
    ]);
    expect(events.at(-1)?.type).toBe('finished');
  });

  test('the dependency is named, the loud deploy is not, and every citation resolves', async () => {
    const report = await reportOf(line, id);
    expect(report.verdict).toBe('cause-found');
    expect(report.causes[0]?.faultKind).toBe('slow-dependency');
    expect(report.causes[0]?.changeId).toBeNull();
    const cited = new Set([...report.claims, ...report.causes].flatMap((one) => one.evidenceIds));
    expect(cited.size).toBeGreaterThan(0);
    for (const evidenceId of cited) {
      const response = await fetch(
        `${line.url}/api/v1/investigations/${id}/evidence/${evidenceId}`,
      );
      expect(response.status).toBe(200);
    }
    expect(report.claims.every(({ checked }) => checked)).toBe(true);
  });
});

function isCompleted(event: unknown): boolean {
  return (event as { eventType: string }).eventType === 'EVENT_TYPE_ACTIVITY_TASK_COMPLETED';
}

function resultOf(event: unknown): unknown {
  const { activityTaskCompletedEventAttributes: done } = event as {
    activityTaskCompletedEventAttributes?: { result?: { payloads?: { data?: string }[] } };
  };
  return JSON.parse(
    Buffer.from(done?.result?.payloads?.[0]?.data ?? '', 'base64').toString('utf8'),
  );
}

describe('an investigation that is cut short', () => {
  test('cancelled, it ends with a report that says so', async () => {
    const { id, held } = await investigateHeld('trace', 'trace.r1.observe.1');
    try {
      const response = await fetch(`${line.url}/api/v1/investigations/${id}/cancel`, {
        method: 'POST',
      });
      expect(response.status).toBe(202);
      const report = await reportOf(line, id);
      expect(report.status).toBe('cancelled');
    } finally {
      await held.release();
    }
    await client.workflow.getHandle(id).result();
    await keepHistories(client, 'cancelled', await familyOf(client, id));
  }, 240_000);

  test('OS-57 a reached cap forces a conclusion and a report', async () => {
    const id = await investigate(line, {
      case: caseOf('bad-deploy'),
      budget: { calls: 8, rounds: 1 },
    });
    const report = await reportOf(line, id);
    expect(report.status).toBe('completed');
    expect(['rounds', 'calls']).toContain(report.ended);
    expect(report.gaps.map(({ reason }) => reason).join(' ')).toMatch(/cap/);
    await client.workflow.getHandle(id).result();
    await keepHistories(client, 'cap-reached', await familyOf(client, id));
  }, 240_000);

  test('a specialist that is lost is a gap, and the others conclude', async () => {
    const { id, held } = await investigateHeld('log', 'log.r1.decide');
    try {
      await client.workflow.getHandle(`${id}/log`).terminate('lost on purpose');
    } finally {
      await held.release();
    }
    const report = await reportOf(line, id);
    expect(report.status).toBe('completed');
    expect(report.gaps.map(({ signal }) => signal)).toContain('logs');
    await client.workflow.getHandle(id).result();
    const family = (await familyOf(client, id)).filter((one) => !one.endsWith('/log'));
    await keepHistories(client, 'specialist-failed', family);
  }, 240_000);
});

/** Starts an investigation and gives it when one specialist stands at this step. */
async function investigateHeld(
  specialist: string,
  stepKey: string,
): Promise<{ readonly id: string; readonly held: HeldStep }> {
  await line.worker()?.stop();
  const id = await investigate(line, { case: caseOf('bad-deploy') });
  const workflowId = `${id}/${specialist}`;
  const held = await holdStep(line.databaseUrl, { investigationId: id, workflowId, stepKey });
  try {
    await line.startWorker();
    await held.untilHeld(60_000);
  } catch (error) {
    await held.release();
    throw error;
  }
  return { id, held };
}
