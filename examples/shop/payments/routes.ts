import express from 'express';
import type { Router } from 'express';
import { readText } from '../service/read-input.ts';
import type { Runtime } from '../service/runtime.ts';
import { enforceQuota } from '../service/serve-requests.ts';
import { chargeCard, findCharge, refundCharge } from './charges.ts';
import type { Database } from '../service/database.ts';

/** The name of the ledger database in telemetry. */
export const ledgerPeer = 'ledger-db';

/** Charges, look-ups and refunds over the ledger database and the card network. */
export function createPaymentsRoutes(runtime: Runtime, ledger: Database): Router {
  const router = express.Router();
  const limit = enforceQuota(runtime);

  router.post('/charges', limit, async (request, response) => {
    response.status(201).json(await chargeCard(runtime, ledger, request.body));
  });
  router.get('/charges/:id', limit, async (request, response) => {
    response.json(await findCharge(ledger, readText(request.params, 'id')));
  });
  router.post('/charges/:id/refund', limit, async (request, response) => {
    response.json(await refundCharge(runtime, ledger, readText(request.params, 'id')));
  });
  return router;
}
