import { Context } from '@temporalio/activity';
import { countEvents, selectorsOf } from '../core/reliability/slo/count-events.ts';
import { evaluateSlo } from '../core/reliability/slo/evaluate-slo.ts';
import type { SloEvaluation } from '../core/reliability/slo/evaluate-slo.ts';
import type { Series, Telemetry } from '../core/ports/telemetry.ts';
import { canonicalJson } from '../core/safety/canonical-json.ts';
import type { Alert } from '../core/schemas/alert.ts';
import type { InvestigationRequest } from '../core/schemas/investigation.ts';
import type { Slo } from '../core/schemas/slo.ts';
import type { SloTarget, SweepResult } from '../workflows/messages.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { toApplicationFailure } from './failures.ts';

const dayMs = 86_400_000;
const heartbeatEveryMs = 3_000;
const maxSeries = 2_000;

/**
 * Makes the activity `slo.evaluate`: reads one file's SLOs over one case, whose end is "now", takes note of each, and stores a request for an
 * investigation when a burn episode opens: the same table that HTTP requests go into, from where they are started. Idempotent: an episode has one
 * investigation, whichever attempt stores it.
 */
export function createEvaluateSlo(
  deps: ActivityDependencies,
): (target: SloTarget) => Promise<SweepResult> {
  return async (target) => {
    const context = Context.current();
    const heartbeat = setInterval(() => context.heartbeat(), heartbeatEveryMs);
    try {
      return await evaluateTarget(deps, target, context.cancellationSignal);
    } catch (error) {
      throw toApplicationFailure(error);
    } finally {
      clearInterval(heartbeat);
    }
  };
}

async function evaluateTarget(
  deps: ActivityDependencies,
  target: SloTarget,
  signal: AbortSignal,
): Promise<SweepResult> {
  const slos = await deps.readSlos(target.sloFile);
  return deps.useCase(target.caseDir, async (telemetry) => {
    let burning = 0;
    const opened: string[] = [];
    for (const slo of slos) {
      const evaluation = await evaluate(slo, telemetry, signal);
      if (evaluation.state === 'burning') burning += 1;
      const id = await takeNote(deps, target, slo, evaluation, telemetry.window.endAt);
      if (id !== null) opened.push(id);
    }
    return { evaluated: slos.length, burning, opened };
  });
}

async function evaluate(
  slo: Slo,
  telemetry: Telemetry,
  signal: AbortSignal,
): Promise<SloEvaluation> {
  const nowAt = telemetry.window.endAt;
  const series: Series[] = [];
  for (const selector of selectorsOf(slo.sli)) {
    const read = await telemetry.metrics(
      {
        window: { startAt: nowAt - slo.windowDays * dayMs, endAt: nowAt },
        metric: selector.metric,
        limit: maxSeries,
        ...(selector.service === undefined ? {} : { service: selector.service }),
      },
      signal,
    );
    for (const one of read.rows) if (!series.some((known) => isSame(known, one))) series.push(one);
  }
  return evaluateSlo(slo, countEvents(slo.sli, series), nowAt);
}

/** Good and total are often the same metric, read twice. */
function isSame(one: Series, other: Series): boolean {
  return (
    one.metric === other.metric &&
    one.service === other.service &&
    one.instance === other.instance &&
    one.statistic === other.statistic &&
    canonicalJson(one.attributes) === canonicalJson(other.attributes)
  );
}

async function takeNote(
  deps: ActivityDependencies,
  target: SloTarget,
  slo: Slo,
  evaluation: SloEvaluation,
  nowAt: number,
): Promise<string | null> {
  const { episode, opened } = await deps.store.slos.note({
    slo: slo.name,
    state: evaluation.state,
    at: deps.now(),
    investigationId: deps.newInvestigationId(),
    detail: { ...evaluation, objective: slo.objective, nowAt },
  });
  if (episode === null || evaluation.state !== 'burning') return null;
  const alert = alertOf(slo, evaluation, nowAt);
  const request: InvestigationRequest = { case: target.caseDir, alert };
  const { created } = await deps.store.investigations.create({
    id: episode.investigationId,
    request,
    caseDir: target.caseDir,
    caseName: target.caseDir.split('/').at(-1) ?? target.caseDir,
    alert,
    title: alert.title,
    trigger: 'slo-sweep',
    idempotencyKey: `slo:${slo.name}:${episode.episode}`,
    requestHash: deps.sha256Hex(canonicalJson({ slo: slo.name, episode: episode.episode })),
  });
  return created || opened ? episode.investigationId : null;
}

function alertOf(slo: Slo, evaluation: SloEvaluation, nowAt: number): Alert {
  const pairs = evaluation.pairs
    .filter((pair) => pair.state === 'burning')
    .map(
      (pair) =>
        `${pair.name}: ${round(pair.long.burnRate)} and ${round(pair.short.burnRate)} times as fast as the budget allows (threshold ${pair.factor})`,
    );
  return {
    title: `${slo.name}: the error budget burns`,
    description: pairs.join('\n'),
    severity: 'critical',
    entity: { kind: 'service', name: slo.service },
    symptom: 'availability',
    startedAt: new Date(nowAt).toISOString(),
    labels: { slo: slo.name },
  };
}

function round(value: number | null): string {
  return value === null ? 'unknown' : String(Math.round(value * 10) / 10);
}
