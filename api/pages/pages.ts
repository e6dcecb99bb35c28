import { createRequire } from 'node:module';
import express from 'express';
import type { RequestHandler, Router } from 'express';
import type { OpenApiDocument } from '../openapi/create-document.ts';
import { pageHeaders } from '../middleware/security-headers.ts';
import { renderErrorsPage } from './errors-page.ts';

const require = createRequire(import.meta.url);

/** Files that the pages load, from the packages that bring them. */
function findAssets(): Readonly<Record<string, string>> {
  return {
    '/docs/swagger-ui.css': require.resolve('swagger-ui-dist/swagger-ui.css'),
    '/docs/swagger-ui.js': require.resolve('swagger-ui-dist/swagger-ui-bundle.js'),
    '/redoc/redoc.js': require.resolve('redoc/bundles/redoc.standalone.js'),
  };
}

const swaggerPage = page(
  '<link rel="stylesheet" href="/docs/swagger-ui.css">',
  '<div id="docs"></div><script src="/docs/swagger-ui.js"></script><script src="/docs/show.js"></script>',
);
const swaggerScript = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null });\n`;

const redocPage = page(
  '',
  '<div id="docs"></div><script src="/redoc/redoc.js"></script><script src="/redoc/show.js"></script>',
);
/** Without the search, whose worker is made of a script that no policy of ours would let run. */
const redocScript = `Redoc.init('/openapi.json', { disableSearch: true, nativeScrollbars: true }, document.getElementById('docs'));\n`;

/** Makes the pages for people: the OpenAPI document itself, two ways to browse it, and the list of errors. All comes from this server. */
export function createPages(document: OpenApiDocument): Router {
  const router = express.Router();
  router.get('/openapi.json', (_request, response) => {
    response.json(document);
  });
  router.get('/docs/errors.md', text('text/markdown', renderErrorsPage()));
  router.get('/docs', pageHeaders, text('text/html', swaggerPage));
  router.get('/docs/show.js', pageHeaders, text('text/javascript', swaggerScript));
  router.get('/redoc', pageHeaders, text('text/html', redocPage));
  router.get('/redoc/show.js', pageHeaders, text('text/javascript', redocScript));
  for (const [url, path] of Object.entries(findAssets())) router.get(url, pageHeaders, file(path));
  return router;
}

function text(type: string, content: string): RequestHandler {
  return (_request, response) => {
    response.type(type).send(content);
  };
}

function file(path: string): RequestHandler {
  return (_request, response, next) => {
    response.sendFile(path, { maxAge: '1h', dotfiles: 'allow' }, next);
  };
}

function page(head: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Holdfast API</title><meta name="viewport" content="width=device-width, initial-scale=1">${head}</head><body>${body}</body></html>\n`;
}
