import { durationMs } from './duration.ts';
import { incidentWindow } from './incident-window.ts';
import type { Alert } from './schemas/alert.ts';
import type { InvestigationRequest } from './schemas/investigation.ts';
import type { Window } from './schemas/primitives.ts';

const longestTitle = 300;

/** Telemetry arrives after it happened; what came this much later than the window still counts as of the window, in milliseconds. */
export const lateMs = 10 * 60_000;

/** Gives the name under which the report of an investigation without a recorded case goes. */
export function liveCaseName(investigationId: string): string {
  return `live-${investigationId}`;
}

/** Gives what a request without a case is about: its alert, or one made of question and entity, which nobody noticed at a known time. */
export function liveAlert({ alert, question, entity }: InvestigationRequest): Alert {
  const who = entity === undefined ? '' : ` with ${entity.kind} ${entity.name}`;
  const asked = question?.trim().slice(0, longestTitle) ?? '';
  const about = alert ?? {
    title: asked === '' ? `What is wrong${who}?`.slice(0, longestTitle) : asked,
    severity: 'error' as const,
    labels: {},
  };
  return entity === undefined ? about : { ...about, entity };
}

/**
 * Gives the window over which a request without a case is investigated, as things stand at `nowAt`: the one it names, or the one around when somebody
 * noticed, which is when it was accepted unless the alert says. Of an alert it moves: asked again later it ends later, but never beyond what was asked for
 * and never beyond now. A question is about what was before it: its window ends when it was accepted, since to look takes work, and where Holdfast shares a
 * machine with what it looks at that work is felt there. Empty (its end before its start) when the named one lies ahead.
 */
export function liveWindow(
  { window, since, alert }: Pick<InvestigationRequest, 'window' | 'since' | 'alert'>,
  { acceptedAt, nowAt }: { readonly acceptedAt: number; readonly nowAt: number },
): Window {
  if (window !== undefined) {
    return { startAt: Date.parse(window.start), endAt: Math.min(Date.parse(window.end), nowAt) };
  }
  return incidentWindow({
    noticedAt: alert?.startedAt === undefined ? acceptedAt : Date.parse(alert.startedAt),
    ...(since === undefined ? {} : { lookBackMs: durationMs(since) }),
    nowAt: alert === undefined ? acceptedAt : nowAt,
  });
}
