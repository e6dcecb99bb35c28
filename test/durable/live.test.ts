import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { openClient } from '../support/history.ts';
import { holdStep } from '../support/hold-step.ts';
import { eventsOf, investigate, reportOf, startLine } from '../support/line.ts';
import type { Line } from '../support/line.ts';
import { badDeployVersion, keepLines, retellIncident } from '../support/receive-incident.ts';
import { sharedTemporal } from '../support/temporal.ts';

/** Investigations of what was received, without a recorded case. */
let line: Line;
let client: Client;

beforeAll(async () => {
  const { address } = sharedTemporal();
  line = await startLine({ temporalAddress: address });
  client = await openClient(address);
}, 120_000);

afterAll(async () => {
  await line?.stop();
  await client?.connection.close();
}, 60_000);

describe('a live investigation', () => {
  test('names the cause from received telemetry, also when the worker is killed while the snapshot is taken', async () => {
    const endAt = Date.now();
    const { alert, lines } = await retellIncident('bad-deploy', {
      endAt,
      versionOf: badDeployVersion,
    });
    await keepLines(line.stateDir, lines, { openedAt: endAt - 60_000 });
    const id = await investigate(line, { alert });
    const held = await holdStep(line.databaseUrl, {
      investigationId: id,
      workflowId: id,
      stepKey: 'snapshot',
    });
    await held.untilHeld(20_000);
    line.worker()?.kill9();
    await held.release();
    const report = await reportOf(line, id);
    expect(report).toMatchObject({
      case: `live-${id}`,
      status: 'completed',
      verdict: 'cause-found',
      causes: [{ entity: { kind: 'service', name: 'checkout' }, faultKind: 'bad-deploy' }],
    });
    expect(await readdir(join(line.stateDir, 'snapshots'))).toEqual([id]);
    const taken = (await eventsOf(line, id)).filter(({ stepKey }) => stepKey === 'snapshot');
    expect(taken.filter(({ type }) => type === 'ended')).toHaveLength(1);
    await client.workflow.getHandle(id).result();
  }, 120_000);
});
