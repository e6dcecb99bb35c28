import { AppError } from '../../core/errors.ts';
import { longestWindowMs } from '../../core/incident-window.ts';
import { liveAlert, liveWindow } from '../../core/live-investigation.ts';
import { toIso } from '../../core/report/iso.ts';
import { canonicalJson } from '../../core/safety/canonical-json.ts';
import {
  investigationRequestSchema,
  investigationSchema,
} from '../../core/schemas/investigation.ts';
import type { InvestigationRequest } from '../../core/schemas/investigation.ts';
import type { IsoWindow } from '../../core/schemas/primitives.ts';
import { z } from '../../core/schemas/z.ts';
import type { NewInvestigation } from '../../store/store.ts';
import type { AppDependencies, ResolvedCase } from '../dependencies.ts';
import type { Caller } from '../middleware/caller.ts';
import { route } from '../route.ts';
import { pathOf, viewOf } from './view.ts';

const headersSchema = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[!-~]{1,200}$/, 'must be 1 to 200 characters of ASCII without blanks')
    .optional()
    .meta({ description: 'The same key with the same request starts nothing again.' }),
});

/** Takes a request: it is stored before the answer, and started after it, also when Temporal is away or this process dies. */
export const startInvestigation = route({
  method: 'post',
  path: '/api/v1/investigations',
  operationId: 'startInvestigation',
  tag: 'investigations',
  summary: 'Start an investigation',
  description:
    'Answers as soon as the request is stored. Follow the events, or ask again, to see how it goes; the report is written at the end whatever happens. Without a case, what was received is investigated: of the 2 hours before somebody noticed, unless `window` or `since` say otherwise. A window of its own is at most 7 days long.',
  headers: headersSchema,
  body: investigationRequestSchema,
  success: {
    status: 202,
    description: 'Stored; it begins by itself.',
    schema: investigationSchema,
    headers: { Location: 'The investigation.' },
  },
  problems: [
    'invalid.request',
    'invalid.case',
    'not-found.case',
    'not-found.telemetry',
    'forbidden.case-path',
    'conflict.idempotency-key',
    'unavailable.model',
  ],
  handle: async (deps, { headers, body, caller, request }) => {
    checkModel(deps.config);
    if (body.window !== undefined) checkWindow(body.window);
    const subject = await findSubject(deps, body, caller);
    const idempotencyKey = headers['idempotency-key'];
    const { row, created } = await deps.store.investigations.create({
      id: deps.newInvestigationId(),
      request: body,
      ...subject,
      trigger: /^holdfast-cli\b/.test(request.headers['user-agent'] ?? '') ? 'cli' : 'http',
      requestHash: deps.sha256Hex(canonicalJson(body)),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });
    if (created) {
      deps.metrics.countAccepted(row.trigger);
      deps.logger.info({ investigationId: row.id, case: row.caseName }, 'accepted');
    }
    // Not awaited: the answer does not depend on Temporal, and the outbox tries again.
    if (row.status === 'accepted') void deps.outbox.start(row);
    return { kind: 'json', body: viewOf(row, [], deps), headers: { Location: pathOf(row.id) } };
  },
});

/** Where only a model may decide, nothing is begun without one. */
function checkModel({ model, isModelRequired }: AppDependencies['config']): void {
  if (!isModelRequired || model !== null) return;
  throw new AppError(
    'unavailable.model',
    'REQUIRE_MODEL is set and MODEL is none: an investigation needs a model here; configure one, or unset REQUIRE_MODEL',
  );
}

/** Not in the schema: what was stored before is read by that too. */
function checkWindow({ start, end }: IsoWindow): void {
  const lengthMs = Date.parse(end) - Date.parse(start);
  if (lengthMs > 0 && lengthMs <= longestWindowMs) return;
  const message = 'must end after it starts, and be at most 7 days long';
  throw new AppError('invalid.request', `body window: ${message}`, {
    details: { errors: [{ in: 'body', field: 'window', message }] },
  });
}

type Subject = Pick<NewInvestigation, 'caseDir' | 'caseName' | 'alert' | 'title'>;

/** What is to be investigated: the case that the request names, or what was received. */
async function findSubject(
  deps: AppDependencies,
  request: InvestigationRequest,
  caller: Caller,
): Promise<Subject> {
  if (request.case === undefined) {
    await checkTelemetry(deps, request);
    const alert = liveAlert(request);
    return { caseDir: null, caseName: null, alert, title: alert.title };
  }
  const found = await findCase(deps, request.case, caller);
  return {
    caseDir: found.dir,
    caseName: found.name,
    alert: request.alert ?? found.alert,
    title: request.alert?.title ?? found.title,
  };
}

async function checkTelemetry(deps: AppDependencies, request: InvestigationRequest): Promise<void> {
  const nowAt = deps.now();
  const window = liveWindow(request, { acceptedAt: nowAt, nowAt });
  if (window.endAt > window.startAt && (await deps.hasTelemetry(window))) return;
  throw new AppError(
    'not-found.telemetry',
    `no traces, metrics or logs were received of ${toIso(window.startAt)} to ${toIso(window.endAt)}`,
  );
}

function findCase(
  deps: AppDependencies,
  reference: string,
  { isLocal }: Caller,
): Promise<ResolvedCase> {
  const isPath = /[/\\]/.test(reference) || reference.startsWith('.');
  if (isPath && !isLocal) {
    throw new AppError('forbidden.case-path', 'a path to a case is taken from this machine only');
  }
  return deps.resolveCase(reference, { allowPath: isLocal });
}
