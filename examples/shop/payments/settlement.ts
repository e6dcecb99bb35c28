import type { Runtime } from '../service/runtime.ts';
import { callCardNetwork } from './card-client.ts';
import type { Database } from '../service/database.ts';

const settlementIntervalMs = 20_000;

async function settle(runtime: Runtime, ledger: Database): Promise<void> {
  const rows = await ledger.run({
    operation: 'SELECT',
    table: 'charges',
    text: `SELECT id FROM charges WHERE status = 'captured' ORDER BY created_at DESC LIMIT $1`,
    values: [runtime.settings.get('settlementBatchSize')],
  });
  await callCardNetwork(runtime, 'settlements', { charges: rows.length });
  runtime.telemetry.log('INFO', `settlement of ${rows.length} charges sent`);
}

/** Sends captured charges to settlement every twenty seconds; a failed run is logged and left to the next. */
export function startSettlement(runtime: Runtime, ledger: Database): NodeJS.Timeout {
  return setInterval(() => {
    settle(runtime, ledger).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      runtime.telemetry.log('ERROR', `settlement failed, next run in 20 s: ${reason}`);
    });
  }, settlementIntervalMs);
}
