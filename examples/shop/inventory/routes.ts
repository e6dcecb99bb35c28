import express from 'express';
import type { Router } from 'express';
import type { Database } from '../service/database.ts';
import { readCount, readObject, readText } from '../service/read-input.ts';
import type { Runtime } from '../service/runtime.ts';
import { enforceQuota } from '../service/serve-requests.ts';
import { ShopError } from '../service/shop-error.ts';

/** The name of the stock database in telemetry. */
export const stockPeer = 'stock-db';

async function reserve(stock: Database, body: unknown): Promise<object> {
  const wanted = readObject(body, 'the reservation');
  const sku = readText(wanted, 'sku');
  const quantity = readCount(wanted, 'quantity');
  const [item] = await stock.run({
    operation: 'SELECT',
    table: 'stock',
    text: 'SELECT on_hand::float8 FROM stock WHERE sku = $1',
    values: [sku],
  });
  if (item === undefined) throw new ShopError(404, 'unknown-sku', `there is no article ${sku}`);
  if (Number(item['on_hand']) < quantity) {
    throw new ShopError(409, 'sold-out', `there are not ${quantity} of ${sku} left`);
  }
  const [row] = await stock.run({
    operation: 'INSERT',
    table: 'reservations',
    text: 'INSERT INTO reservations (sku, quantity) VALUES ($1, $2) RETURNING id::text',
    values: [sku, quantity],
  });
  return { reservationId: row?.['id'], sku, quantity };
}

/** Stock levels and reservations, kept in the stock database. */
export function createInventoryRoutes(runtime: Runtime, stock: Database): Router {
  const router = express.Router();
  const limit = enforceQuota(runtime);

  router.get('/stock', limit, async (_request, response) => {
    const rows = await stock.run({
      operation: 'SELECT',
      table: 'stock',
      text: 'SELECT sku, on_hand::float8 FROM stock ORDER BY sku',
      values: [],
    });
    const low = runtime.settings.get('lowStockLimit');
    const levels = rows.map((row) => ({
      sku: row['sku'],
      level: Number(row['on_hand']) < low ? 'few' : 'in stock',
    }));
    response.json({ levels });
  });

  router.post('/reservations', limit, async (request, response) => {
    response.status(201).json(await reserve(stock, request.body));
  });
  return router;
}
