import type { Evidence } from '../../core/schemas/evidence.ts';
import type { ProgressDraft, ProgressEvent } from '../../core/schemas/progress.ts';
import type { Report } from '../../core/schemas/report.ts';
import { createMemoryCalls, sumOf } from './memory-calls.ts';
import type { InvestigationRow, StepCost, StepRef, Store } from '../../store/store.ts';

/** What an investigation left behind. */
export interface Left {
  readonly report: () => Report | null;
  readonly evidence: ReadonlyMap<string, Evidence>;
  /** What the steps kept whose keys fit, in the order in which they ended. */
  readonly kept: (keys: RegExp) => readonly unknown[];
}

type Name = Pick<StepRef, 'workflowId' | 'stepKey'>;

const noCost: StepCost = { toolCalls: 0 };

/**
 * A store of one investigation in memory: as much of it as the steps from scope to report use. What is kept is given back as JSON, as PostgreSQL would.
 */
export function createMemoryStore(row: InvestigationRow): { readonly store: Store } & Left {
  const shelf: Shelf = {
    results: new Map(),
    evidence: new Map(),
    events: [],
    report: null,
    cost: noCost,
  };
  const calls = createMemoryCalls();
  const store: Pick<
    Store,
    'investigations' | 'steps' | 'evidence' | 'events' | 'ledger' | 'modelCalls'
  > & {
    readonly actions: Pick<Store['actions'], 'ofInvestigation'>;
  } = {
    investigations: {
      ...notKept,
      get: () => Promise.resolve(row),
      report: () => Promise.resolve(shelf.report),
    },
    steps: stepsOf(row.id, shelf),
    evidence: {
      ...notKept,
      get: (_, id) => Promise.resolve(shelf.evidence.get(id) ?? null),
      many: (_, ids) => Promise.resolve(ids.flatMap((id) => shelf.evidence.get(id) ?? [])),
    },
    events: {
      ...notKept,
      since: () => Promise.resolve(shelf.events),
      append: (id, drafts, at) => Promise.resolve(append(shelf, id, drafts, at)),
    },
    modelCalls: calls,
    ledger: {
      ...notKept,
      total: async () => ({ ...shelf.cost, ...sumOf(await calls.list(row.id)) }),
    },
    actions: { ofInvestigation: () => Promise.resolve([]) },
  };
  return {
    // Sweeps, sessions and writes have no part in it.
    store: store as Store,
    report: () => shelf.report,
    evidence: shelf.evidence,
    kept: (keys) =>
      [...shelf.results.values()]
        .filter(({ ref }) => keys.test(ref.stepKey))
        .map(({ result }) => (result as { readonly kept: unknown }).kept),
  };
}

interface Shelf {
  readonly results: Map<string, { readonly ref: Name; readonly result: unknown }>;
  readonly evidence: Map<string, Evidence>;
  readonly events: ProgressEvent[];
  report: Report | null;
  cost: StepCost;
}

function stepsOf(id: string, shelf: Shelf): Store['steps'] {
  const keyOf = ({ workflowId, stepKey }: Name): string => `${workflowId}\n${stepKey}`;
  return {
    begin: (ref) => Promise.resolve(shelf.results.get(keyOf(ref)) ?? null),
    complete: (ref, outcome) => {
      const kept = { ref, result: asJson(outcome.result) };
      shelf.results.set(keyOf(ref), kept);
      for (const one of outcome.evidence) {
        if (!shelf.evidence.has(one.id)) shelf.evidence.set(one.id, one);
      }
      append(shelf, id, outcome.events, outcome.at);
      shelf.cost = { toolCalls: shelf.cost.toolCalls + outcome.cost.toolCalls };
      shelf.report = outcome.writes?.finish?.report ?? shelf.report;
      return Promise.resolve(kept);
    },
    fail: () => Promise.resolve(),
    results: (refs) =>
      Promise.resolve(
        refs.flatMap((ref) => {
          const found = shelf.results.get(keyOf(ref));
          return found === undefined ? [] : [{ ...ref, result: found.result }];
        }),
      ),
  };
}

function append(
  { events }: Shelf,
  investigationId: string,
  drafts: readonly ProgressDraft[],
  at: number,
): void {
  for (const draft of drafts) {
    const sequence = events.length + 1;
    events.push({ ...draft, investigationId, sequence, at: new Date(at).toISOString() });
  }
}

/** Methods that no step of an investigation calls. */
const notKept = {
  create: () => refuse('create'),
  list: () => refuse('list'),
  unstarted: () => refuse('unstarted'),
  markStarted: () => refuse('markStarted'),
  subscribe: () => refuse('subscribe'),
};

function refuse(method: string): Promise<never> {
  return Promise.reject(new Error(`a store in memory has no ${method}`));
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
