import express from 'express';
import type { Router } from 'express';
import { callService } from '../service/call-service.ts';
import type { ServiceCall, ServiceReply } from '../service/call-service.ts';
import { readCount, readObject, readText } from '../service/read-input.ts';
import type { Runtime } from '../service/runtime.ts';
import { shedLoad } from '../service/serve-requests.ts';
import { ShopError } from '../service/shop-error.ts';
import { labelClient } from './client-version.ts';
import { formatTotal } from './order-view.ts';

function callCheckout(
  runtime: Runtime,
  call: Pick<ServiceCall, 'method' | 'template' | 'path' | 'body'>,
): Promise<ServiceReply> {
  return callService(runtime, {
    ...call,
    peer: 'checkout',
    baseUrl: runtime.options.checkoutUrl,
    timeoutMs: runtime.settings.get('checkoutTimeoutMs'),
  });
}

function readProducts(runtime: Runtime, page: number): Promise<ServiceReply> {
  const size = runtime.settings.get('productPageSize');
  return callService(runtime, {
    peer: 'catalog',
    baseUrl: runtime.options.catalogUrl,
    method: 'GET',
    template: '/products',
    path: `/products?page=${page}&size=${size}`,
    timeoutMs: runtime.settings.get('catalogTimeoutMs'),
  });
}

/** The shop as its users see it: products, quotes, orders and refunds, with catalog and checkout behind them. */
export function createGatewayRoutes(runtime: Runtime): Router {
  const router = express.Router();
  const limit = shedLoad(runtime);

  router.get('/products', limit, async (request, response) => {
    const reply = await readProducts(runtime, Number(request.query['page'] ?? 1));
    response.status(reply.status).json(reply.body);
  });

  router.post('/quotes', limit, async (request, response) => {
    const reply = await callCheckout(runtime, {
      method: 'POST',
      template: '/quotes',
      path: '/quotes',
      body: readObject(request.body, 'the quote'),
    });
    response.status(reply.status).json(reply.body);
  });

  router.post('/checkout', limit, async (request, response) => {
    const basket = readObject(request.body, 'the basket');
    const client = labelClient(request.get('x-shop-client') ?? 'unknown', runtime.releases);
    const reply = await callCheckout(runtime, {
      method: 'POST',
      template: '/orders',
      path: '/orders',
      body: { ...basket, client },
    });
    response.status(reply.status).json(reply.body);
  });

  router.get('/orders/:id', limit, async (request, response) => {
    const reply = await callCheckout(runtime, {
      method: 'GET',
      template: '/orders/{id}',
      path: `/orders/${encodeURIComponent(readText(request.params, 'id'))}`,
    });
    if (reply.status === 404) throw new ShopError(404, 'unknown-order', 'there is no such order');
    const order = readObject(reply.body, 'the order');
    const total = formatTotal(
      readCount(order, 'totalMinor'),
      readText(order, 'currency'),
      request.get('x-shop-locale') ?? 'en-GB',
      runtime.releases,
    );
    response.status(reply.status).json({ ...order, total });
  });

  router.post('/orders/:id/refund', limit, async (request, response) => {
    const reply = await callCheckout(runtime, {
      method: 'POST',
      template: '/orders/{id}/refund',
      path: `/orders/${encodeURIComponent(readText(request.params, 'id'))}/refund`,
      body: {},
    });
    response.status(reply.status).json(reply.body);
  });
  return router;
}
