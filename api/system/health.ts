import { AppError } from '../../core/errors.ts';
import { z } from '../../core/schemas/z.ts';
import { route } from '../route.ts';

const probeMs = 3_000;
const alive = { status: 'ok', service: 'holdfast' } as const;
const ready = { status: 'ready', database: 'ok', temporal: 'ok' } as const;

const healthSchema = z
  .object({ status: z.literal('ok'), service: z.literal('holdfast') })
  .meta({ id: 'Health', description: 'The process is alive.' });

const readySchema = z
  .object({ status: z.literal('ready'), database: z.literal('ok'), temporal: z.literal('ok') })
  .meta({ id: 'Readiness', description: 'Everything that it needs answers.' });

/** Says that this process is alive; it does so whatever else is away. */
export const getHealth = route({
  method: 'get',
  path: '/health',
  operationId: 'getHealth',
  tag: 'system',
  summary: 'Liveness',
  success: { status: 200, description: 'Alive.', schema: healthSchema },
  problems: [],
  handle: async () => ({ kind: 'json', body: alive }),
});

/** Liveness for programs; people are shown pages. */
export const getRoot = route({
  method: 'get',
  path: '/',
  operationId: 'getRoot',
  tag: 'system',
  summary: 'Liveness, or the pages for a browser',
  success: {
    status: 200,
    description: 'Alive.',
    schema: healthSchema,
    alternatives: { 'text/html': 'The list of investigations, for people.' },
  },
  problems: [],
  handle: async () => ({ kind: 'json', body: alive }),
});

/** Says whether everything that is needed to work answers. */
export const getReadiness = route({
  method: 'get',
  path: '/ready',
  operationId: 'getReadiness',
  tag: 'system',
  summary: 'Readiness',
  description: 'What is away is named in the problem.',
  success: { status: 200, description: 'Ready.', schema: readySchema },
  problems: ['unavailable.database', 'unavailable.temporal'],
  handle: async (deps) => {
    const [database, temporal] = await Promise.all([
      probe('PostgreSQL', () => deps.store.ping()),
      probe('Temporal', () => deps.temporal.ping()),
    ]);
    if (database !== null || temporal !== null) throw notReady(database, temporal);
    return { kind: 'json', body: ready };
  },
});

function notReady(database: string | null, temporal: string | null): AppError {
  const away = [database, temporal].filter((one) => one !== null);
  return new AppError(
    database === null ? 'unavailable.temporal' : 'unavailable.database',
    `not ready: ${away.join('; ')}`,
    { details: { database: database ?? 'ok', temporal: temporal ?? 'ok' } },
  );
}

/** Gives why something does not answer in time; null when it does. */
async function probe(name: string, ask: () => Promise<void>): Promise<string | null> {
  const late = AbortSignal.timeout(probeMs);
  const timeout = new Promise<string>((resolve) => {
    late.addEventListener('abort', () => resolve(`${name} does not answer within ${probeMs} ms`), {
      once: true,
    });
  });
  const answer = ask().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : `${name} failed`),
  );
  return Promise.race([answer, timeout]);
}
