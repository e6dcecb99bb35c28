import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { durationMs } from '../../core/duration.ts';
import { AppError } from '../../core/errors.ts';
import { longestWindowMs } from '../../core/incident-window.ts';
import { liveAlert } from '../../core/live-investigation.ts';
import { toIso } from '../../core/report/iso.ts';
import { caseExportQuerySchema } from '../../core/schemas/case-export.ts';
import type { CaseExportQuery } from '../../core/schemas/case-export.ts';
import type { CaseSubject } from '../../integrations/otlp/export-case.ts';
import { route } from '../route.ts';

/** Streams what is kept as a case, for `holdfast case export`. Nothing is written on this side. */
export const exportCase = route({
  method: 'get',
  path: '/api/v1/case-export',
  operationId: 'exportCase',
  tag: 'telemetry',
  summary: 'Export received telemetry as a case',
  description:
    'Of what an investigation worked on, or of a window. JSON lines with one key each: first `incident`, the manifest; then the rows of each kind; last `end` with their number. A stream without its end was cut off.',
  query: caseExportQuerySchema,
  success: {
    status: 200,
    description: 'The case, line by line.',
    alternatives: { 'application/x-ndjson': 'JSON lines.' },
  },
  problems: ['invalid.request', 'not-found.telemetry'],
  handle: async (deps, { query, response }) => {
    const subject = subjectOf(query, deps.now());
    const lines = await deps.exportCase(subject);
    if (lines === null) throw new AppError('not-found.telemetry', sayNothing(subject));
    response.status(200).set({
      'Content-Type': 'application/x-ndjson; charset=utf-8',
      'Cache-Control': 'no-store',
    });
    await pipeline(Readable.from(lines), response).catch((error: unknown) => {
      if (response.closed && !response.writableFinished) return; // the client has left
      throw error;
    });
    return { kind: 'answered' };
  },
});

function subjectOf(query: CaseExportQuery, nowAt: number): CaseSubject {
  const { investigation, since = '2h', until, title, entity } = query;
  if (investigation !== undefined) return { kind: 'investigation', investigationId: investigation };
  const endAt = Math.min(until === undefined ? nowAt : Date.parse(until), nowAt);
  const alert = liveAlert({
    ...(title === undefined ? {} : { question: title }),
    ...(entity === undefined ? {} : { entity }),
  });
  return {
    kind: 'kept',
    about: {
      name: 'exported',
      alert,
      question: null,
      window: { startAt: endAt - Math.min(durationMs(since), longestWindowMs), endAt },
    },
  };
}

function sayNothing(subject: CaseSubject): string {
  if (subject.kind === 'investigation') {
    return `what ${subject.investigationId} worked on is not kept: it had a case, or it is too long ago`;
  }
  const { startAt, endAt } = subject.about.window;
  return `no traces, metrics or logs were received of ${toIso(startAt)} to ${toIso(endAt)}`;
}
