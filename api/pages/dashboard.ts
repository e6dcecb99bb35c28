import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import express from 'express';
import type { RequestHandler, Router } from 'express';
import { dashboardHeaders } from '../middleware/security-headers.ts';

/** What the build writes where the value belongs that allows styles. */
const noncePlace = /__nonce__/g;

/**
 * Makes the pages for people who look at investigations, from what the build left in `dir`. Whatever the path, the page is the same and finds its way
 * itself. Nothing is served where nothing was built.
 */
export function createDashboard(dir: string): Router {
  const router = express.Router();
  router.get('/', showsPages, page(dir));
  router.get('/investigations/:id', page(dir));
  router.use('/assets', packed(dir), express.static(join(dir, 'assets'), forever));
  return router;
}

/** The names of files change with their content. */
const forever = { immutable: true, maxAge: '1y', index: false, redirect: false } as const;

/** Only who asks for HTML is shown pages; what is listed first is what everyone else gets. */
const showsPages: RequestHandler = (request, response, next) => {
  response.vary('Accept');
  const wanted = request.accepts(['application/json', 'text/html']);
  if (wanted === 'text/html') next();
  else next('route');
};

function page(dir: string): RequestHandler {
  return async (_request, response, next) => {
    const html = await readFile(join(dir, 'index.html'), 'utf8').catch(() => null);
    if (html === null) {
      next('route');
      return;
    }
    const nonce = randomBytes(16).toString('base64');
    await new Promise<unknown>((done) => dashboardHeaders(nonce)(_request, response, done));
    response.type('text/html').set('Cache-Control', 'no-cache');
    response.send(html.replaceAll(noncePlace, nonce));
  };
}

/** Sends the packed copy of a file that the build has put beside it, to whoever can unpack it. */
function packed(dir: string): RequestHandler {
  return (request, response, next) => {
    response.vary('Accept-Encoding');
    const [name] = /^\/[\w.-]+$/.exec(request.path) ?? [];
    const isPacked = name !== undefined && existsSync(join(dir, 'assets', `${name}.gz`));
    if (isPacked && request.acceptsEncodings('gzip') === 'gzip') {
      response.set('Content-Encoding', 'gzip').type(name.slice(name.lastIndexOf('.')));
      request.url = `${name}.gz`;
    }
    next();
  };
}
