import { readFile } from 'node:fs/promises';
import { Connection } from '@temporalio/client';
import { readTemporalConfig } from '../../config/read-config.ts';
import type { Environment } from '../../config/read-config.ts';
import { openTemporalAccess } from '../../core/temporal-connection.ts';
import { searchAttributes } from './search-attributes.ts';

/** Numbers of the types in Temporal's API. */
const typeNumbers = { Keyword: 2, Int: 3, Double: 4, Bool: 5, KeywordList: 7 } as const;
const deadlineMs = 10_000;

/**
 * Adds the search attributes that are missing in a namespace of a server that is not ours. Rejects when the server is away, or does not let us, as
 * Temporal Cloud does not: there they are made by hand.
 */
export async function registerAttributes(env: Environment): Promise<void> {
  const { address, namespace, access } = readTemporalConfig(env);
  const opened = await openTemporalAccess(access, (file) => readFile(file));
  const connection = await Connection.connect({ address, ...opened, connectTimeout: deadlineMs });
  try {
    await connection.withDeadline(Date.now() + deadlineMs, async () => {
      const { operatorService } = connection;
      const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
      const missing = searchAttributes.filter(({ name }) => !(name in customAttributes));
      if (missing.length === 0) return;
      const added: Record<string, number> = {};
      for (const { name, type } of missing) added[name] = typeNumbers[type];
      await operatorService.addSearchAttributes({ namespace, searchAttributes: added });
    });
  } finally {
    await connection.close();
  }
}
