import express from 'express';
import type { Router } from 'express';
import { callService } from '../service/call-service.ts';
import { readObject, readText } from '../service/read-input.ts';
import type { Runtime } from '../service/runtime.ts';
import { shedLoad } from '../service/serve-requests.ts';
import { ShopError } from '../service/shop-error.ts';

const names = ['kettle', 'teapot', 'mug', 'tray', 'tin', 'strainer', 'scale', 'timer'];
const colours = ['red', 'green', 'blue', 'white', 'black', 'copper'];
const products = colours.flatMap((colour, row) =>
  names.map((name, column) => ({
    sku: `sku-${100 + row * names.length + column}`,
    name: `${colour} ${name}`,
    priceMinor: 900 + column * 450,
  })),
);
const largestNumber = 100;
const longestPage = 20_000;

async function readCached(runtime: Runtime, key: string): Promise<string | undefined> {
  const reply = await callService(runtime, {
    peer: 'cache',
    baseUrl: runtime.options.cacheUrl,
    method: 'GET',
    template: '/entries/{key}',
    path: `/entries/${key}`,
    timeoutMs: runtime.settings.get('cacheTimeoutMs'),
  });
  return reply.status === 404
    ? undefined
    : readText(readObject(reply.body, 'the cached page'), 'body', longestPage);
}

async function writeCached(runtime: Runtime, key: string, body: string): Promise<void> {
  await callService(runtime, {
    peer: 'cache',
    baseUrl: runtime.options.cacheUrl,
    method: 'PUT',
    template: '/entries/{key}',
    path: `/entries/${key}`,
    body: { body, seconds: runtime.settings.get('pageCacheSeconds') },
    timeoutMs: runtime.settings.get('cacheTimeoutMs'),
  });
}

/** Builds a page of products with the stock levels of now. */
async function buildPage(runtime: Runtime, page: number, size: number): Promise<string> {
  const reply = await callService(runtime, {
    peer: 'inventory',
    baseUrl: runtime.options.inventoryUrl,
    method: 'GET',
    template: '/stock',
    path: '/stock',
    timeoutMs: runtime.settings.get('inventoryTimeoutMs'),
  });
  const { levels } = reply.body as {
    readonly levels: readonly { readonly sku: string; readonly level: string }[];
  };
  const levelOf = new Map(levels.map(({ sku, level }) => [sku, level]));
  const shown = products.slice((page - 1) * size, page * size);
  return JSON.stringify({
    page,
    products: shown.map((product) => ({ ...product, stock: levelOf.get(product.sku) })),
  });
}

function readNumber(query: Readonly<Record<string, unknown>>, name: string): number {
  const value = Number(query[name] ?? 1);
  if (!Number.isInteger(value) || value < 1 || value > largestNumber) {
    throw new ShopError(400, 'bad-request', `"${name}" is a number from 1 to ${largestNumber}`);
  }
  return value;
}

/** What is cached already, or undefined; a cache that fails is taken as an empty one. */
async function lookUp(runtime: Runtime, key: string): Promise<string | undefined> {
  try {
    return await readCached(runtime, key);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    runtime.telemetry.log('WARN', `page ${key} is built anew: ${reason}`);
    return undefined;
  }
}

/** Product pages: from the cache while they are fresh, else built with the stock levels of inventory. */
export function createCatalogRoutes(runtime: Runtime): Router {
  const router = express.Router();
  const limit = shedLoad(runtime);

  router.get('/products', limit, async (request, response) => {
    const page = readNumber(request.query, 'page');
    const size = readNumber(request.query, 'size');
    const key = `products-${page}-of-${size}`;
    let body = await lookUp(runtime, key);
    if (body === undefined) {
      body = await buildPage(runtime, page, size);
      await writeCached(runtime, key, body);
    }
    response.type('application/json').send(body);
  });
  return router;
}
