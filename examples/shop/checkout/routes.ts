import { randomBytes } from 'node:crypto';
import express from 'express';
import type { Router } from 'express';
import { callService } from '../service/call-service.ts';
import type { ServiceCall, ServiceReply } from '../service/call-service.ts';
import { readCount, readObject, readText } from '../service/read-input.ts';
import type { Runtime } from '../service/runtime.ts';
import { shedLoad } from '../service/serve-requests.ts';
import { ShopError } from '../service/shop-error.ts';
import { estimateDelivery } from './delivery.ts';
import { applyMemberDiscount } from './loyalty.ts';
import { createOrderBook } from './order-book.ts';
import type { Order, OrderBook } from './order-book.ts';

function callPayments(
  runtime: Runtime,
  call: Pick<ServiceCall, 'method' | 'template' | 'path' | 'body'>,
): Promise<ServiceReply> {
  return callService(runtime, {
    ...call,
    peer: 'payments',
    baseUrl: runtime.options.paymentsUrl,
    timeoutMs: runtime.settings.get('paymentsTimeoutMs'),
    retries: runtime.settings.get('paymentsRetries'),
  });
}

/** Sets one article aside for the order; 409 when it is sold out. */
async function reserveStock(runtime: Runtime, sku: string): Promise<void> {
  const reply = await callService(runtime, {
    peer: 'inventory',
    baseUrl: runtime.options.inventoryUrl,
    method: 'POST',
    template: '/reservations',
    path: '/reservations',
    body: { sku, quantity: 1 },
    timeoutMs: runtime.settings.get('inventoryTimeoutMs'),
    retries: runtime.settings.get('inventoryRetries'),
  });
  if (reply.status >= 400) throw new ShopError(409, 'sold-out', `${sku} cannot be reserved`);
}

async function placeOrder(runtime: Runtime, book: OrderBook, body: unknown): Promise<Order> {
  const basket = readObject(body, 'the order');
  const id = `ord-${randomBytes(4).toString('hex')}`;
  const customerId = readCount(basket, 'customerId');
  const currency = readText(basket, 'currency');
  const totalMinor = applyMemberDiscount(
    readCount(basket, 'amountMinor'),
    readText(basket, 'tier'),
    runtime.releases,
  );
  await reserveStock(runtime, readText(basket, 'sku'));
  const reply = await callPayments(runtime, {
    method: 'POST',
    template: '/charges',
    path: '/charges',
    body: { orderId: id, customerId, amountMinor: totalMinor, currency },
  });
  if (reply.status === 402) throw new ShopError(402, 'card-declined', 'the card was declined');
  const charge = readObject(reply.body, 'the charge');
  const order = {
    id,
    customerId,
    totalMinor,
    currency,
    shipping: readText(basket, 'shipping'),
    chargeId: readText(charge, 'chargeId'),
    placedAtMs: Date.now(),
  };
  book.add(order, runtime.settings.get('orderHistoryLimit'));
  return order;
}

/** Quotes, orders and refunds; payments is behind all but the quotes, inventory behind new orders. */
export function createCheckoutRoutes(runtime: Runtime): Router {
  const router = express.Router();
  const limit = shedLoad(runtime);
  const book = createOrderBook();
  const find = (id: string): Order => {
    const order = book.find(id);
    if (order === undefined) throw new ShopError(404, 'unknown-order', 'there is no such order');
    return order;
  };

  router.post('/quotes', limit, (request, response) => {
    const basket = readObject(request.body, 'the quote');
    const amountMinor = readCount(basket, 'amountMinor');
    const shippingMinor = amountMinor > 5_000 ? 0 : 490;
    response.json({
      totalMinor: amountMinor + shippingMinor,
      validMinutes: runtime.settings.get('quoteValidMinutes'),
    });
  });

  router.post('/orders', limit, async (request, response) => {
    const order = await placeOrder(runtime, book, request.body);
    runtime.telemetry.log(
      'INFO',
      `order ${order.id} placed by customer ${order.customerId}: ${(order.totalMinor / 100).toFixed(2)} ${order.currency}`,
    );
    response.status(201).json(order);
  });

  router.get('/orders/:id', limit, async (request, response) => {
    const order = find(readText(request.params, 'id'));
    const deliverBy = estimateDelivery(order.placedAtMs, order.shipping, runtime.releases);
    const reply = await callPayments(runtime, {
      method: 'GET',
      template: '/charges/{id}',
      path: `/charges/${order.chargeId}`,
    });
    response.json({ ...order, deliverBy, payment: reply.body });
  });

  router.post('/orders/:id/refund', limit, async (request, response) => {
    const order = find(readText(request.params, 'id'));
    const reply = await callPayments(runtime, {
      method: 'POST',
      template: '/charges/{id}/refund',
      path: `/charges/${order.chargeId}/refund`,
      body: {},
    });
    runtime.telemetry.log('INFO', `order ${order.id} refunded`);
    response.status(reply.status).json(reply.body);
  });
  return router;
}
