import { errorPolicy } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { problemSchema } from '../middleware/problem.ts';
import type { RouteShape } from '../route.ts';
import { createSchemaBook } from './schema-book.ts';
import type { JsonSchema, SchemaBook } from './schema-book.ts';

export type OpenApiDocument = Readonly<Record<string, unknown>>;

const tags = [
  { name: 'investigations', description: 'Start them, follow them, read what they found.' },
  { name: 'actions', description: 'Writes that wait for a person, and what became of them.' },
  { name: 'session', description: 'Deciding in a browser.' },
  { name: 'telemetry', description: 'What was received.' },
  { name: 'webhooks', description: 'Notifications of other systems.' },
  { name: 'slos', description: 'What the scheduled sweeps found.' },
  { name: 'system', description: 'Health and metrics of this process.' },
];

/** What may happen to any call of the API, besides what its route says. */
const everywhere: readonly ErrorCode[] = ['forbidden.host', 'bug.invariant'];
const underApi: readonly ErrorCode[] = ['unauthenticated.token', 'unavailable.database'];
const withBody: readonly ErrorCode[] = ['invalid.json', 'invalid.body-too-large'];

/** Writes the OpenAPI 3.1 document of all routes. The same routes give the same document. */
export function createDocument(routes: readonly RouteShape[]): OpenApiDocument {
  const book = createSchemaBook();
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route, book) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Holdfast',
      version: '1.0.0',
      description:
        'Investigates production incidents with a squad of agents; every claim cites evidence, every write is approved. Errors are problems (RFC 9457).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags,
    paths,
    components: {
      schemas: book.components(),
      securitySchemes: {
        person: {
          type: 'http',
          scheme: 'bearer',
          description:
            'The token of a person. Always needed to decide on an action, and for every call when the API listens beyond loopback.',
        },
      },
    },
  };
}

function operationOf(route: RouteShape, book: SchemaBook): JsonSchema {
  const { operationId, tag, summary, description, body, needsPerson } = route;
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...securityOf(route.path, needsPerson === true),
    parameters: [
      ...parametersOf(route.params, 'path', book),
      ...parametersOf(route.query, 'query', book),
      ...parametersOf(route.headers, 'header', book),
    ],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: book.describe(body, 'input') } },
          },
        }),
    responses: { ...successOf(route, book), ...otherwiseOf(route), ...problemsOf(route, book) },
  };
}

/** `{}` beside the scheme says that on loopback it goes without. */
function securityOf(path: string, needsPerson: boolean): JsonSchema {
  if (needsPerson) return { security: [{ person: [] }] };
  return path.startsWith('/api/') ? { security: [{ person: [] }, {}] } : { security: [] };
}

function parametersOf(
  schema: RouteShape['params'],
  place: 'path' | 'query' | 'header',
  book: SchemaBook,
): readonly JsonSchema[] {
  return Object.entries(schema?.shape ?? {}).map(([name, member]) => {
    const { description, ...rest } = book.describe(member as NonNullable<typeof schema>, 'input');
    const required = place === 'path';
    return {
      name,
      in: place,
      required,
      ...(description === undefined ? {} : { description }),
      schema: rest,
    };
  });
}

function successOf({ success }: RouteShape, book: SchemaBook): JsonSchema {
  const { status, description, schema, alternatives = {}, headers } = success;
  const json =
    schema === undefined ? [] : [['application/json', { schema: book.describe(schema, 'output') }]];
  const others = Object.entries(alternatives).map(([type, says]) => [
    type,
    {
      schema:
        typeof says === 'string'
          ? { type: 'string', description: says }
          : book.describe(says, 'output'),
    },
  ]);
  return {
    [status]: {
      description,
      ...(headers === undefined ? {} : { headers: headersOf(headers) }),
      content: Object.fromEntries([...json, ...others]) as JsonSchema,
    },
  };
}

function otherwiseOf({ otherwise = {} }: RouteShape): JsonSchema {
  return Object.fromEntries(
    Object.entries(otherwise).map(([status, description]) => [status, { description }]),
  );
}

function headersOf(headers: Readonly<Record<string, string>>): JsonSchema {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [
      name,
      { description, schema: { type: 'string' } },
    ]),
  );
}

/** One response a status; its description names the codes. */
function problemsOf(route: RouteShape, book: SchemaBook): JsonSchema {
  const codes = new Set<ErrorCode>([
    ...route.problems,
    ...(route.body === undefined ? [] : withBody),
    ...(route.path.startsWith('/api/') ? underApi : []),
    ...everywhere,
  ]);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = errorPolicy(code);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const schema = book.describe(problemSchema, 'output');
  return Object.fromEntries(
    [...byStatus]
      .toSorted(([a], [b]) => a - b)
      .map(([status, of]) => [
        status,
        {
          description: of.map((code) => `\`${code}\`: ${errorPolicy(code).advice}`).join(' '),
          content: { 'application/problem+json': { schema } },
        },
      ]),
  );
}
