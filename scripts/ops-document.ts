import {
  opsActionSchema,
  opsKeySchema,
  opsRollbackSchema,
  opsStatusSchema,
} from '../core/schemas/ops.ts';
import { z } from '../core/schemas/z.ts';

/** The OpenAPI 3.1 document of the operator endpoints that a service offers to Holdfast; `holdfast ops check` holds a service against it. */
export function createOpsDocument(): object {
  const { $schema: _, ...key } = z.toJSONSchema(opsKeySchema);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Operator endpoints',
      version: '1.0.0',
      description:
        'What a service offers so that Holdfast can read how it stands and roll it back. A key is carried out once and kept for at least 24 hours.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ operator: [] }],
    paths: {
      '/ops/status': {
        get: {
          operationId: 'getStatus',
          summary: 'What serves now, and what served before',
          responses: { 200: reply('How it stands.', opsStatusSchema), 401: refused },
        },
      },
      '/ops/rollback': {
        post: {
          operationId: 'rollBack',
          summary: 'Go back to a release',
          parameters: [{ name: 'Idempotency-Key', in: 'header', required: true, schema: key }],
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(opsRollbackSchema) } },
          },
          responses: {
            200: reply('Applied, or applied before under this key.', opsActionSchema),
            400: problem('No key, or not a rollback.'),
            401: refused,
            409: problem('The same key is still under way.'),
            422: problem('The key was used for another request, or there is no such release.'),
          },
        },
      },
      '/ops/actions/{key}': {
        get: {
          operationId: 'getAction',
          summary: 'What became of a key',
          parameters: [{ name: 'key', in: 'path', required: true, schema: key }],
          responses: {
            200: reply('What is known of it.', opsActionSchema),
            401: refused,
            404: problem('No action was requested with this key.'),
          },
        },
      },
    },
    components: { securitySchemes: { operator: { type: 'http', scheme: 'bearer' } } },
  };
}

function problem(description: string): object {
  return { description };
}

const refused = problem('The bearer token is missing or wrong.');

function reply(description: string, schema: z.ZodType): object {
  return { description, content: { 'application/json': { schema: schemaOf(schema) } } };
}

function schemaOf(schema: z.ZodType): object {
  const { $schema: _, id: __, ...rest } = z.toJSONSchema(schema);
  return rest;
}
