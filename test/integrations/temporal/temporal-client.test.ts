import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { createTemporalClient } from '../../../integrations/temporal/temporal-client.ts';
import type { InvestigationRow } from '../../../store/store.ts';
import { startTemporal } from '../../support/temporal.ts';
import type { TestTemporal } from '../../support/temporal.ts';
import { openTestFolder } from '../../support/test-folder.ts';

const row = (id: string): InvestigationRow => ({
  id,
  request: { case: 'shop-1a2b' },
  caseDir: '/cases/shop-1a2b',
  caseName: 'shop-1a2b',
  alert: { title: 'errors', severity: 'error', labels: {} },
  title: 'errors',
  trigger: 'http',
  status: 'accepted',
  phase: null,
  percent: 0,
  verdict: null,
  summary: null,
  createdAt: 0,
  startedAt: null,
  endedAt: null,
});

const clientOf = (address: string, deadlineMs = 5_000) =>
  createTemporalClient({
    address,
    namespace: 'default',
    identity: 'test',
    deadlineMs,
    decisionSignalName: 'decideAction',
    investigationStart: ({ id, title }) => ({
      workflowType: 'investigateIncident',
      taskQueue: 'nobody-polls',
      workflowId: id,
      args: [{ investigationId: id }],
      staticSummary: title,
      searchAttributes: [{ key: defineSearchAttributeKey('Trigger', 'KEYWORD'), value: 'http' }],
    }),
  });

const signal = {
  actionId: 'act-0001',
  planHash: 'a'.repeat(64),
  decision: 'approve',
  reason: '',
  grant: 'g',
} as const;

const folder = openTestFolder('temporal-client');
let server: TestTemporal;

beforeAll(async () => {
  const ports = { server: 17_433, ui: 18_433 };
  server = await startTemporal({ stateDir: folder.open(), ports });
});

afterAll(async () => {
  await server?.stop();
  folder.remove();
});

describe('the client of a Temporal server', () => {
  test('starts an investigation once, however often it is asked', async () => {
    const temporal = clientOf(server.address);
    const connection = await Connection.connect({ address: server.address });
    const { workflow } = new Client({ connection });
    try {
      await temporal.startInvestigation(row('inv-once'));
      const first = await workflow.getHandle('inv-once').describe();
      expect(first).toMatchObject({ type: 'investigateIncident', taskQueue: 'nobody-polls' });
      expect(first.searchAttributes['Trigger']).toEqual(['http']);
      expect(await first.staticSummary()).toBe('errors');
      await temporal.startInvestigation(row('inv-once'));
      await workflow.getHandle('inv-once').terminate();
      await temporal.startInvestigation(row('inv-once'));
      expect((await workflow.getHandle('inv-once').describe()).runId).toBe(first.runId);
    } finally {
      await connection.close();
      await temporal.close();
    }
  });

  test('cancels and signals what runs, and says what does not', async () => {
    const temporal = clientOf(server.address);
    try {
      expect(await temporal.cancelInvestigation('inv-none')).toBe('not-running');
      expect(await temporal.signalDecision('act-none', 'grant-1', signal)).toBe('not-running');
      await temporal.startInvestigation(row('inv-two'));
      expect(await temporal.signalDecision('inv-two', 'grant-1', signal)).toBe('delivered');
      expect(await temporal.cancelInvestigation('inv-two')).toBe('asked');
      await temporal.ping();
    } finally {
      await temporal.close();
    }
  });

  test('delivers a decision once, however often it is sent', async () => {
    const temporal = clientOf(server.address);
    try {
      await temporal.startInvestigation(row('inv-three'));
      for (const grantId of ['grant-1', 'grant-1', 'grant-2']) {
        expect(await temporal.signalDecision('inv-three', grantId, signal)).toBe('delivered');
      }
      const { events } = await temporal.client.workflow.getHandle('inv-three').fetchHistory();
      const signals = (events ?? []).flatMap(
        (one) => one.workflowExecutionSignaledEventAttributes ?? [],
      );
      expect(signals).toHaveLength(2);
      const [payload] = signals[0]?.input?.payloads ?? [];
      expect(JSON.parse(Buffer.from(payload?.data ?? []).toString())).toEqual(signal);
    } finally {
      await temporal.close();
    }
  });

  test('says within its deadline that nobody listens, and connects when the server is there', async () => {
    const temporal = clientOf('127.0.0.1:17999', 1_000);
    const began = performance.now();
    await expect(temporal.startInvestigation(row('inv-away'))).rejects.toMatchObject({
      code: 'unavailable.temporal',
      message: expect.stringContaining('Temporal at 127.0.0.1:17999 could not start inv-away'),
    });
    await expect(temporal.ping()).rejects.toMatchObject({ code: 'unavailable.temporal' });
    expect(performance.now() - began).toBeLessThan(9_000);
    await temporal.close();
  });

  test('goes on after the server was killed and came back', async () => {
    const temporal = clientOf(server.address, 5_000);
    try {
      await temporal.ping();
      server.kill9();
      const until = performance.now() + 90_000;
      let answers = false;
      while (!answers && performance.now() < until) {
        answers = await temporal.startInvestigation(row('inv-later')).then(
          () => true,
          () => false,
        );
      }
      expect(answers).toBe(true);
    } finally {
      await temporal.close();
    }
  });

  test('ends while it would ask again, and what was under way fails', async () => {
    const temporal = clientOf('127.0.0.1:9');
    const answer = temporal.ping().catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await temporal.close();
    expect(await answer).toMatchObject({ code: 'unavailable.temporal' });
  });
});
