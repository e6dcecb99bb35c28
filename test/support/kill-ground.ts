import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { superviseDatabase } from '../../scripts/stack/parts.ts';
import type { Supervised } from '../../scripts/stack/supervise.ts';
import { openLog } from '../../scripts/stack/open-log.ts';
import { openClient } from './history.ts';
import { startLine } from './line.ts';
import type { Line } from './line.ts';
import { somePort } from './some-port.ts';
import { startTarget } from './rollback-target.ts';
import type { Target } from './rollback-target.ts';
import { startTemporal } from './temporal.ts';
import type { TestTemporal } from './temporal.ts';

/** A line with servers of its own, since they are killed, and a rollback target that can withhold its reply. */
export interface KillGround {
  readonly line: Line;
  readonly client: Client;
  readonly target: Target;
  readonly database: Supervised;
  readonly temporal: TestTemporal;
  stop(): Promise<void>;
}

export async function startKillGround(folder: string): Promise<KillGround> {
  const temporal = await startTemporal({ stateDir: folder });
  const { part: database, databaseUrl } = await superviseDatabase({
    stateDir: folder,
    log: openLog(join(folder, 'postgres.log')),
    // Killed, it wants the same port back: one that nobody else looks for.
    port: somePort(),
  });
  const target = await startTarget();
  const line = await startLine({
    temporalAddress: temporal.address,
    databaseUrl,
    services: [{ name: 'checkout', url: target.url, token: target.token }],
    env: {
      // Every held step keeps a connection.
      DATABASE_POOL_SIZE: '24',
      // Being held costs time, and is no reason to conclude.
      HOLDFAST_MAX_SECONDS: '2400',
    },
  });
  const client = await openClient(temporal.address);
  return {
    line,
    client,
    target,
    database,
    temporal,
    stop: async () => {
      target.answer();
      await line.stop();
      await client.connection.close();
      await target.close();
      await temporal.stop();
      await database.stop();
    },
  };
}
