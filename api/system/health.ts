import { AppError } from '../../core/errors.ts';
import { z } from '../../core/schemas/z.ts';
import type { AppDependencies } from '../dependencies.ts';
import { route } from '../route.ts';

const probeMs = 3_000;
/** Liveness is asked for by supervisors that do not wait long. */
const glanceMs = 500;
/** Longer than any pass takes that waits for servers which do not answer. */
const stallMs = 300_000;
const ready = { status: 'ready', database: 'ok', temporal: 'ok' } as const;

const checkSchema = z.object({
  status: z.enum(['ok', 'away', 'stalled']),
  detail: z.string().optional(),
});

const healthSchema = z
  .object({
    status: z.literal('ok'),
    service: z.literal('holdfast'),
    checks: z.object({ outbox: checkSchema, database: checkSchema, temporal: checkSchema }),
  })
  .meta({
    id: 'Health',
    description: 'The process is alive. What it depends on may be away: a restart would not help.',
  });
type Checks = z.infer<typeof healthSchema>['checks'];

const readySchema = z
  .object({ status: z.literal('ready'), database: z.literal('ok'), temporal: z.literal('ok') })
  .meta({ id: 'Readiness', description: 'Everything that it needs answers.' });

const liveness = {
  method: 'get',
  tag: 'system',
  description:
    '503 only for what a restart would mend; what the process depends on is shown, and turns `/ready` to 503.',
  success: { status: 200, description: 'Alive.', schema: healthSchema },
  problems: ['unavailable.stalled'],
  handle: async (deps) => ({ kind: 'json', body: await lookAt(deps) }),
} satisfies Partial<Parameters<typeof route<typeof healthSchema>>[0]>;

/** Says that this process does its work, with each check; also while what it depends on is away. */
export const getHealth = route({
  ...liveness,
  path: '/health',
  operationId: 'getHealth',
  summary: 'Liveness',
});

export const getHealthz = route({
  ...liveness,
  path: '/healthz',
  operationId: 'getHealthz',
  summary: 'Liveness, by the name that orchestrators use',
});

export const getOk = route({
  ...liveness,
  path: '/ok',
  operationId: 'getOk',
  summary: 'Liveness, by its short name',
});

/** Liveness for programs; people are shown pages. */
export const getRoot = route({
  ...liveness,
  path: '/',
  operationId: 'getRoot',
  summary: 'Liveness, or the pages for a browser',
  success: {
    ...liveness.success,
    alternatives: { 'text/html': 'The list of investigations, for people.' },
  },
});

/** Rejects with `unavailable.stalled`, which carries the checks. */
async function lookAt(deps: AppDependencies): Promise<z.infer<typeof healthSchema>> {
  const [database, temporal] = await Promise.all([
    probe('PostgreSQL', glanceMs, () => deps.store.ping()),
    probe('Temporal', glanceMs, () => deps.temporal.ping()),
  ]);
  const lastPassAt = deps.outbox.lastPassAt();
  const silentMs = lastPassAt === null ? 0 : deps.now() - lastPassAt;
  const checks: Checks = {
    outbox:
      silentMs > stallMs ? { status: 'stalled', detail: stalled(silentMs) } : { status: 'ok' },
    database: database === null ? { status: 'ok' } : { status: 'away', detail: database },
    temporal: temporal === null ? { status: 'ok' } : { status: 'away', detail: temporal },
  };
  if (checks.outbox.status === 'ok') return { status: 'ok', service: 'holdfast', checks };
  throw new AppError('unavailable.stalled', `not healthy: ${stalled(silentMs)}`, {
    details: { checks },
  });
}

function stalled(silentMs: number): string {
  return `nothing was brought to Temporal, nor tried, for ${Math.round(silentMs / 1_000)} s`;
}

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
      probe('PostgreSQL', probeMs, () => deps.store.ping()),
      probe('Temporal', probeMs, () => deps.temporal.ping()),
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
async function probe(
  name: string,
  withinMs: number,
  ask: () => Promise<void>,
): Promise<string | null> {
  const late = AbortSignal.timeout(withinMs);
  const timeout = new Promise<string>((resolve) => {
    late.addEventListener('abort', () => resolve(`${name} does not answer within ${withinMs} ms`), {
      once: true,
    });
  });
  const answer = ask().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : `${name} failed`),
  );
  return Promise.race([answer, timeout]);
}
