import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { projectRoot } from '../../scripts/project-root.ts';
import { runCommand } from '../../scripts/run-command.ts';
import { searchAttributes } from '../../workflows/messages.ts';
import { sharedTemporal } from '../support/temporal.ts';
import { readFiles } from '../temporal-docker/find-differences.ts';

const namespace = 'set-up-by-script';
let connection: Connection;

beforeAll(async () => {
  connection = await Connection.connect({ address: sharedTemporal().address });
});

afterAll(() => connection?.close());

/** Runs the script of `temporal-docker/` as its container does. */
function setUpNamespace() {
  const { address, binary } = sharedTemporal();
  const script = join(projectRoot(), 'temporal-docker', 'set-up-namespace.sh');
  return runCommand('sh', [script], {
    timeoutMs: 60_000,
    env: {
      PATH: `${dirname(binary)}:${process.env['PATH']}`,
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: namespace,
      RETENTION: '30d',
    },
  });
}

describe('the namespace that compose sets up', () => {
  test('has the search attributes that our workflows set, also when it is set up again', async () => {
    for (const _time of ['first', 'again']) {
      const { code, stderr } = await setUpNamespace();
      expect({ code, stderr }).toMatchObject({ code: 0 });
    }
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace,
    });
    const used = Object.values(searchAttributes).map(({ name }) => name);
    expect(Object.keys(customAttributes).toSorted()).toEqual(used.toSorted());
    const described = await connection.workflowService.describeNamespace({ namespace });
    expect(Number(described.config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 86_400);
  }, 240_000);

  test('is on a server of the version that demo and tests use', async () => {
    const { serverVersion } = await connection.workflowService.getSystemInfo({});
    expect(readFiles()['compose.yaml']).toContain(`image: temporalio/server:${serverVersion}\n`);
  });
});
