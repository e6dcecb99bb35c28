import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { isAppError } from '../core/errors.ts';
import type { InvestigationRow, OutgoingDecision, Store } from '../store/store.ts';
import type { TemporalPort } from './temporal-port.ts';

/** What is stored and still has to be brought to Temporal: starts of investigations, and signed decisions. */
export interface Outbox {
  /** Tries to start now; on failure the loop tries again. True when the workflow is started. Never rejects. */
  start(row: InvestigationRow): Promise<boolean>;
  /** Tries to deliver now; on failure the loop tries again. True when the workflow has it. Never rejects. */
  deliver(decision: OutgoingDecision): Promise<boolean>;
  /** Tries all that is left, every second, until `signal` aborts; while something fails the pauses grow to 10 s. */
  run(signal: AbortSignal): Promise<void>;
  /** When `run` last began or ended a pass, in epoch milliseconds; null when it does not run. */
  lastPassAt(): number | null;
}

/** `away`: a server that all depend on does not answer. */
type Outcome = 'done' | 'later' | 'away';

interface OutboxDependencies {
  readonly store: Store;
  readonly temporal: TemporalPort;
  readonly logger: Logger;
  readonly now: () => number;
  /** How long the grant of a decision is good: after that its workflow is waited for no longer. */
  readonly grantTtlMs: number;
  /** Pause after a pass in which nothing failed; 1 s unless told. */
  readonly pauseMs?: number;
}

const longestPauseMs = 10_000;
const perPass = 100;

/**
 * Makes the outbox. What it does may be done twice, by two at once or after a kill, with the effect of once: a start is idempotent by its workflow id, a
 * decision by its grant.
 */
export function createOutbox(deps: OutboxDependencies): Outbox {
  const { pauseMs = 1_000, logger } = deps;
  const start = (row: InvestigationRow): Promise<Outcome> =>
    attempt(logger, { investigationId: row.id }, async () => {
      await deps.temporal.startInvestigation(row);
      await deps.store.investigations.markStarted(row.id, deps.now());
      return 'done';
    });
  const deliver = (decision: OutgoingDecision): Promise<Outcome> =>
    attempt(logger, { actionId: decision.actionId }, () => deliverOnce(deps, decision));

  /** What one of them fails on does not hold up the others, unless the server is away: then all would wait for it. */
  async function pass(signal: AbortSignal): Promise<Outcome> {
    const rows = await deps.store.investigations.unstarted(perPass);
    const decisions = await deps.store.actions.undeliveredDecisions(perPass);
    const works = [
      ...rows.map((row) => () => start(row)),
      ...decisions.map((decision) => () => deliver(decision)),
    ];
    let isWell = true;
    for (const work of works) {
      if (signal.aborted) break;
      const outcome = await work();
      if (outcome === 'away') return 'away';
      isWell &&= outcome === 'done';
    }
    return isWell ? 'done' : 'later';
  }

  let lastPassAt: number | null = null;
  return {
    lastPassAt: () => lastPassAt,
    start: async (row) => (await start(row)) === 'done',
    deliver: async (decision) => (await deliver(decision)) === 'done',
    run: async (signal) => {
      for (let waitMs = pauseMs; !signal.aborted;) {
        lastPassAt = deps.now();
        const outcome = await attempt(logger, {}, () => pass(signal));
        lastPassAt = deps.now();
        waitMs = outcome === 'done' ? pauseMs : Math.min(waitMs * 2, longestPauseMs);
        await pause(waitMs, undefined, { signal }).catch(() => undefined); // aborted: the loop ends
      }
    },
  };
}

/** An action's workflow may not be there yet, the report being written before it; so it is waited for as long as the grant is good. */
async function deliverOnce(deps: OutboxDependencies, decision: OutgoingDecision): Promise<Outcome> {
  const { grantId, actionId, signal, createdAt } = decision;
  const outcome = await deps.temporal.signalDecision(actionId, grantId, signal);
  if (outcome === 'not-running') {
    if (deps.now() < createdAt + deps.grantTtlMs) return 'later';
    deps.logger.warn({ actionId, grantId }, 'a decision was dropped: its action does not run');
    await deps.store.actions.recordDecision({
      key: `dropped.${grantId}`,
      actionId,
      at: deps.now(),
      signal,
      person: null,
      grantId,
      accepted: false,
      because: 'its action does not run: the decision could not be delivered',
    });
  }
  await deps.store.actions.markDelivered(grantId, deps.now());
  return outcome === 'delivered' ? 'done' : 'later';
}

async function attempt(
  logger: Logger,
  about: Readonly<Record<string, string>>,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    const isAway = isAppError(error) && error.code.startsWith('unavailable.');
    logger[isAway ? 'warn' : 'error']({ ...about, err: error }, 'left for the next attempt');
    return isAway ? 'away' : 'later';
  }
}
