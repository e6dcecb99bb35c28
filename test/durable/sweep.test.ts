import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { projectRoot } from '../../scripts/project-root.ts';
import { keepHistories, openClient } from '../support/history.ts';
import { caseOf } from '../support/incidents.ts';
import { eventually, incidentsDir, reportOf, startLine } from '../support/line.ts';
import type { Line } from '../support/line.ts';
import { startTemporal } from '../support/temporal.ts';
import type { TestTemporal } from '../support/temporal.ts';
import { openTestFolder } from '../support/test-folder.ts';

/** A server of its own: a namespace has one schedule of sweeps. */
let line: Line;
let client: Client;
let temporal: TestTemporal;
const folder = openTestFolder('sweep');

const sloFile = join(projectRoot(), 'examples', 'slo', 'gateway-availability.yaml');
const everySeconds = 10;

beforeAll(async () => {
  temporal = await startTemporal({ stateDir: folder.open() });
  line = await startLine({
    temporalAddress: temporal.address,
    env: {
      HOLDFAST_SLOS: `${sloFile}=${join(incidentsDir, caseOf('slo-burn'))}`,
      HOLDFAST_SWEEP_SECONDS: String(everySeconds),
    },
  });
  client = await openClient(temporal.address);
}, 240_000);

afterAll(async () => {
  await line?.stop();
  await client?.connection.close();
  await temporal?.stop();
  folder.remove();
}, 240_000);

interface Listed {
  readonly investigations: readonly {
    readonly id: string;
    readonly trigger: string;
    readonly title: string;
  }[];
}

async function investigations(): Promise<Listed['investigations']> {
  const response = await fetch(`${line.url}/api/v1/investigations`);
  return ((await response.json()) as Listed).investigations;
}

describe('the schedule of sweeps', () => {
  test('AS-23 with nobody asking it opens one investigation of the burning SLO, over exactly 1 h and 5 min', async () => {
    const [opened] = await eventually('an investigation', 60_000, async () => {
      const all = await investigations();
      return all.length > 0 ? all : null;
    });
    expect(opened).toMatchObject({ trigger: 'slo-sweep' });
    expect(opened?.title).toContain('gateway-availability');
    const report = await reportOf(line, opened?.id ?? '');
    expect(report.verdict).toBe('cause-found');

    const [evaluation] = await line.store.slos.evaluations(1);
    expect(evaluation?.state).toBe('burning');
    const { pairs } = (evaluation?.detail ?? { pairs: [] }) as {
      readonly pairs: readonly {
        readonly state: string;
        readonly long: { readonly startAt: number; readonly endAt: number };
        readonly short: { readonly startAt: number; readonly endAt: number };
      }[];
    };
    expect(pairs.map(({ state }) => state)).toEqual(['burning', 'quiet']);
    const lengths = pairs.map(({ long, short }) =>
      [long, short].map(({ startAt, endAt }) => endAt - startAt),
    );
    expect(lengths).toEqual([
      [3_600_000, 300_000],
      [21_600_000, 1_800_000],
    ]);
  }, 240_000);

  test('an episode that goes on opens no second one, also after the first has ended', async () => {
    const before = (await line.store.slos.evaluations(100)).length;
    await eventually(
      'two more sweeps',
      60_000,
      async () => (await line.store.slos.evaluations(100)).length >= before + 2,
    );
    expect(await investigations()).toHaveLength(1);
    const handle = client.schedule.getHandle('slo-sweep');
    const { policies, info } = await handle.describe();
    expect(policies.overlap).toBe('SKIP');
    expect(policies.catchupWindow).toBe(2 * everySeconds * 1_000);
    const [ran] = info.recentActions;
    const workflowId = ran?.action.type === 'startWorkflow' ? ran.action.workflow.workflowId : '';
    await keepHistories(client, 'sweep', [workflowId]);
  }, 240_000);
});
