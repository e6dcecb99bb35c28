import { randomBytes } from 'node:crypto';
import { readCount, readObject, readText } from '../service/read-input.ts';
import type { Runtime } from '../service/runtime.ts';
import { ShopError } from '../service/shop-error.ts';
import { callCardNetwork } from './card-client.ts';
import type { Database, DatabaseRow } from '../service/database.ts';
import { toNetworkAmount } from './money.ts';

const spendingLimitMinor = 1_000_000_000;

/** Charges a card: checks the customer's spending, asks the card network, writes the ledger. 402 when declined. */
export async function chargeCard(
  runtime: Runtime,
  ledger: Database,
  body: unknown,
): Promise<object> {
  const order = readObject(body, 'the charge');
  const orderId = readText(order, 'orderId');
  const customerId = readCount(order, 'customerId');
  const amountMinor = readCount(order, 'amountMinor');
  const currency = readText(order, 'currency');
  const amountField = toNetworkAmount(amountMinor, runtime.releases);
  const [spent] = await ledger.run({
    operation: 'SELECT',
    table: 'charges',
    text: `SELECT coalesce(sum(amount_minor), 0)::float8 AS total FROM charges
           WHERE customer_id = $1 AND created_at > now() - interval '1 day'`,
    values: [customerId],
  });
  if (Number(spent?.['total'] ?? 0) + amountMinor > spendingLimitMinor) {
    throw new ShopError(402, 'over-limit', `customer ${customerId} is over the daily limit`);
  }
  const reply = await callCardNetwork(runtime, 'authorisations', { amountField, currency });
  if (reply.status === 402) {
    runtime.telemetry.log('WARN', `charge for order ${orderId} declined by the card network`);
    throw new ShopError(402, 'card-declined', 'the card network declined the charge');
  }
  const chargeId = `ch-${randomBytes(5).toString('hex')}`;
  await ledger.run({
    operation: 'INSERT',
    table: 'charges',
    text: `INSERT INTO charges (id, order_id, customer_id, amount_minor, currency, status)
           VALUES ($1, $2, $3, $4, $5, 'captured')`,
    values: [chargeId, orderId, customerId, amountMinor, currency],
  });
  runtime.telemetry.log(
    'INFO',
    `charge ${chargeId} captured: ${(amountMinor / 100).toFixed(2)} ${currency} for order ${orderId}`,
  );
  return { chargeId, status: 'captured' };
}

/** Looks a charge up; 404 when the ledger has none with that id. */
export async function findCharge(ledger: Database, chargeId: string): Promise<DatabaseRow> {
  const [row] = await ledger.run({
    operation: 'SELECT',
    table: 'charges',
    text: 'SELECT id, status, amount_minor::float8, currency FROM charges WHERE id = $1',
    values: [chargeId],
  });
  if (row === undefined)
    throw new ShopError(404, 'unknown-charge', `there is no charge ${chargeId}`);
  return row;
}

/** Refunds a charge through the card network; a refunded one is answered as it is. */
export async function refundCharge(
  runtime: Runtime,
  ledger: Database,
  chargeId: string,
): Promise<object> {
  const charge = await findCharge(ledger, chargeId);
  if (charge['status'] !== 'refunded') {
    await callCardNetwork(runtime, 'refunds', { chargeId });
    await ledger.run({
      operation: 'UPDATE',
      table: 'charges',
      text: `UPDATE charges SET status = 'refunded' WHERE id = $1`,
      values: [chargeId],
    });
    runtime.telemetry.log('INFO', `charge ${chargeId} refunded`);
  }
  return { chargeId, status: 'refunded' };
}
