import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { createDocument } from '../../api/openapi/create-document.ts';
import { createSchemaBook } from '../../api/openapi/schema-book.ts';
import { routes } from '../../api/routes.ts';
import { z } from '../../core/schemas/z.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { startTestApi } from './support/api.ts';
import type { TestApi } from './support/api.ts';

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
  }[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

interface Document {
  readonly openapi: string;
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

const document = createDocument(routes) as unknown as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});

afterAll(async () => {
  await api.close();
});

describe('the OpenAPI document', () => {
  test('RT-94 is generated from the routes, served at /openapi.json, and what is committed', async () => {
    const committed: unknown = JSON.parse(
      readFileSync(join(projectRoot(), 'openapi.json'), 'utf8'),
    );
    expect(committed).toEqual(JSON.parse(JSON.stringify(document)));
    const { body } = await request(api.server).get('/openapi.json').expect(200);
    expect(body).toEqual(committed);
    expect(document.openapi).toBe('3.1.0');
  });

  test('has every route, each with an id of its own, a known tag and a summary', () => {
    expect(operations).toHaveLength(routes.length);
    for (const { method, path } of routes) {
      expect(document.paths[path]).toHaveProperty(method);
    }
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = document.tags.map(({ name }) => name);
    for (const { operation } of operations) {
      expect(tags).toEqual(expect.arrayContaining([...operation.tags]));
      expect(operation.summary).toMatch(/^[A-Z]/);
    }
  });

  test('declares exactly the parameters that a path has', () => {
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = operation.parameters.filter((one) => one.in === 'path');
      expect(declared.map(({ name }) => name)).toEqual(inPath);
      expect(declared.every(({ required }) => required)).toBe(true);
    }
  });

  test('describes one success at least and every problem as a problem', () => {
    for (const { operation } of operations) {
      const entries = Object.entries(operation.responses);
      expect(entries.filter(([status]) => status.startsWith('2')).length).toBeGreaterThan(0);
      for (const [status, response] of entries) {
        expect(response.description).not.toBe('');
        if (Number(status) < 400) continue;
        expect(response).toMatchObject({
          content: {
            'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          },
        });
      }
    }
  });

  test('refers only to what it holds, and holds only what is referred to', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      (match) => match[1],
    );
    const held = Object.keys(document.components.schemas).map((id) => `#/components/schemas/${id}`);
    expect(new Set(refs)).toEqual(new Set(held));
    expect(JSON.stringify(document)).not.toContain('$defs');
  });
});

describe('the schema book', () => {
  const inner = z.object({ a: z.string().default('x') }).meta({ id: 'Inner' });

  test('keeps a shape twice that is sent with less than it is received with', () => {
    const book = createSchemaBook();
    expect(book.describe(z.object({ inner }), 'output')).toMatchObject({
      properties: { inner: { $ref: '#/components/schemas/Inner' } },
    });
    expect(book.describe(z.object({ inner }), 'input')).toMatchObject({
      properties: { inner: { $ref: '#/components/schemas/InnerInput' } },
    });
    expect(book.components()['Inner']).toMatchObject({ required: ['a'] });
    expect(book.components()['InnerInput']).not.toHaveProperty('required');
  });

  test('says that a reference may be null in a way that null passes', () => {
    const book = createSchemaBook();
    expect(book.describe(z.object({ inner: inner.nullable() }), 'output')).toMatchObject({
      properties: { inner: { anyOf: [{ $ref: '#/components/schemas/Inner' }, { type: 'null' }] } },
    });
  });

  test('refuses two shapes with one id', () => {
    const book = createSchemaBook();
    const other = z.object({ b: z.number() }).meta({ id: 'Other' });
    book.describe(z.object({ other }), 'output');
    z.globalRegistry.remove(other);
    const impostor = z.object({ c: z.boolean() }).meta({ id: 'Other' });
    expect(() => book.describe(z.object({ impostor }), 'output')).toThrow(
      'two shapes have the id Other',
    );
  });
});

describe('the pages', () => {
  test.each([
    ['/docs', ['/docs/swagger-ui.css', '/docs/swagger-ui.js', '/docs/show.js']],
    ['/redoc', ['/redoc/redoc.js', '/redoc/show.js']],
  ])(
    'RT-94 %s shows the document with nothing inline and nothing from elsewhere',
    async (path, files) => {
      const page = await request(api.server).get(path).expect(200);
      expect(page.headers['content-type']).toMatch('text/html');
      const policy = page.headers['content-security-policy'] ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      const loaded = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]);
      expect(loaded).toEqual(files);
      expect(page.text).not.toMatch(/<script>|<script [^>]*>[^<]|\son\w+=|style=|https?:/);
      for (const file of files) {
        const { headers } = await request(api.server).get(file).expect(200);
        expect(headers['content-type']).toMatch(file.endsWith('.css') ? 'text/css' : 'javascript');
        expect(headers['x-content-type-options']).toBe('nosniff');
      }
      const script = await request(api.server)
        .get(files.at(-1) ?? '')
        .expect(200);
      expect(script.text).toContain("'/openapi.json'");
    },
  );
});
