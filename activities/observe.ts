import { briefSize, refitDigest } from '../core/fit-digest.ts';
import type { InvestigationPhase, Role } from '../core/schemas/roles.ts';
import type { Observed, ToolCall } from '../core/schemas/tool-call.ts';
import type { CarriedOut, StepKey } from '../workflows/messages.ts';
import { clipWindow } from './clip-window.ts';
import type { ActivityDependencies } from './dependencies.ts';
import type { createDispatcher } from './dispatch.ts';
import { recallBrief } from './recall.ts';
import type { KeptObservation } from './recall.ts';
import { requireInvestigation } from './require-investigation.ts';
import { progressOf } from './step.ts';
import type { RunStep } from './step.ts';
import { useTelemetry } from './use-telemetry.ts';

/** One tool call of one round. */
export interface ObserveInput {
  readonly investigationId: string;
  readonly phase: InvestigationPhase;
  readonly round: number;
  readonly stepKey: string;
  readonly call: ToolCall;
  readonly allowed: readonly string[];
  /** Null while scope is still finding out what to suspect: the whole window is then looked at. */
  readonly brief: StepKey | null;
  /** The decision that this step carries out: the act of the round before. */
  readonly carriesOut: CarriedOut | null;
}

/**
 * Makes the observe activity of one role: one tool call through the dispatcher. Returns the evidence ids and the digest in brief, and keeps all of it for the steps that reason; idempotent by memo; a tool's
 * failure is a result. Time-out by the tool, heartbeat on a timer.
 */
export function createObserve(
  role: Role,
  deps: ActivityDependencies & {
    readonly runStep: RunStep;
    readonly dispatch: ReturnType<typeof createDispatcher>;
  },
): (input: ObserveInput) => Promise<Observed> {
  return async (input) => {
    const { investigationId, phase, round, stepKey, call, carriesOut } = input;
    if (carriesOut !== null) {
      const act = progressOf(
        { ...carriesOut, investigationId, oodaPhase: 'act' },
        'ended',
        1,
        carriesOut.text,
      );
      await deps.store.events.append(investigationId, [act], deps.now());
    }
    return deps.runStep(
      { investigationId, stepKey, phase, role, oodaPhase: 'observe', round },
      `${call.tool}: ${call.because}`,
      async (signal, { attempt }) => {
        const row = await requireInvestigation(deps.store, investigationId);
        const brief = input.brief === null ? null : await recallBrief(deps.store, input.brief);
        const { observed, evidence } = await useTelemetry(deps, row, (telemetry) => {
          const callKey = `${investigationId}/${stepKey}`;
          const window = brief?.window ?? clipWindow(row.request.window, telemetry.window);
          const suspected = brief?.suspected ?? {
            earliestAt: window.startAt,
            latestAt: window.endAt,
          };
          return deps.dispatch({
            call,
            role,
            round,
            allowed: input.allowed,
            ...{ signal, attempt },
            context: { telemetry, ops: deps.ops, alert: row.alert, window, suspected, callKey },
          });
        });
        const kept: KeptObservation = { call, role, round, observed };
        return {
          returned: briefly(observed),
          kept,
          evidence,
          text: describe(observed),
          data: { tool: call.tool, ok: observed.ok, evidenceIds: evidence.map((one) => one.id) },
          cost: { toolCalls: 1 },
        };
      },
    );
  };
}

/** What history carries of an answer. */
function briefly(observed: Observed): Observed {
  return observed.ok ? { ...observed, digest: refitDigest(observed.digest, briefSize) } : observed;
}

function describe(observed: Observed): string {
  if (!observed.ok) return `${observed.tool} failed: ${observed.message}`;
  const { digest } = observed;
  const strongest = digest.observations[0];
  if (strongest !== undefined) {
    const { entity, aspect, before, after, unit, score } = strongest;
    const rounded = [before, after].map((value) => Number(value.toPrecision(3)));
    return `${observed.tool}: strongest is ${entity.name} ${aspect} ${rounded[0]} → ${rounded[1]} ${unit} (score ${score.toFixed(1)})`;
  }
  if (digest.changes.length > 0) return `${observed.tool}: ${digest.changes.length} changes`;
  if (digest.coverage.length > 0) {
    return `${observed.tool}: ${digest.coverage.map((one) => `${one.kind} ${one.rows}`).join(', ')}`;
  }
  return `${observed.tool}: nothing stands out`;
}
