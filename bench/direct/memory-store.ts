import type { Evidence } from '../../core/schemas/evidence.ts';
import type { ProgressDraft, ProgressEvent } from '../../core/schemas/progress.ts';
import type { Report } from '../../core/schemas/report.ts';
import type { InvestigationRow, StepCost, StepRef, Store } from '../../store/store.ts';

/** What an investigation left behind. */
export interface Left {
  readonly report: () => Report | null;
  readonly evidence: ReadonlyMap<string, Evidence>;
  /** What the steps kept whose keys fit, in the order in which they ended. */
  readonly kept: (keys: RegExp) => readonly unknown[];
}

type Name = Pick<StepRef, 'workflowId' | 'stepKey'>;

const noCost: StepCost = {
  toolCalls: 0,
  modelCalls: 0,
  inputTokens: 0,
  outputTokens: 0,
  usdMicros: 0,
};

/**
 * A store of one investigation in memory: as much of it as the steps from scope to report use. What is kept is given back as JSON, as PostgreSQL would.
 */
export function createMemoryStore(row: InvestigationRow): { readonly store: Store } & Left {
  const results = new Map<string, { readonly ref: Name; readonly result: unknown }>();
  const evidence = new Map<string, Evidence>();
  const events: ProgressEvent[] = [];
  let report: Report | null = null;
  let cost = noCost;
  const keyOf = ({ workflowId, stepKey }: Name): string => `${workflowId}\n${stepKey}`;
  const append = (drafts: readonly ProgressDraft[], at: number): void => {
    for (const draft of drafts) {
      const sequence = events.length + 1;
      events.push({ ...draft, investigationId: row.id, sequence, at: new Date(at).toISOString() });
    }
  };
  const store: Pick<Store, 'investigations' | 'steps' | 'evidence' | 'events' | 'ledger'> & {
    readonly actions: Pick<Store['actions'], 'ofInvestigation'>;
  } = {
    investigations: {
      ...notKept,
      get: () => Promise.resolve(row),
      report: () => Promise.resolve(report),
    },
    steps: {
      begin: (ref) => Promise.resolve(results.get(keyOf(ref)) ?? null),
      complete: (ref, outcome) => {
        const kept = { ref, result: asJson(outcome.result) };
        results.set(keyOf(ref), kept);
        for (const one of outcome.evidence) evidence.set(one.id, evidence.get(one.id) ?? one);
        append(outcome.events, outcome.at);
        cost = sum(cost, outcome.cost);
        report = outcome.writes?.finish?.report ?? report;
        return Promise.resolve(kept);
      },
      fail: () => Promise.resolve(),
      results: (refs) =>
        Promise.resolve(
          refs.flatMap((ref) => {
            const found = results.get(keyOf(ref));
            return found === undefined ? [] : [{ ...ref, result: found.result }];
          }),
        ),
    },
    evidence: {
      ...notKept,
      get: (_, id) => Promise.resolve(evidence.get(id) ?? null),
      many: (_, ids) => Promise.resolve(ids.flatMap((id) => evidence.get(id) ?? [])),
    },
    events: {
      ...notKept,
      since: () => Promise.resolve(events),
      append: (_, drafts, at) => Promise.resolve(append(drafts, at)),
    },
    ledger: { ...notKept, total: () => Promise.resolve(cost) },
    actions: { ofInvestigation: () => Promise.resolve([]) },
  };
  return {
    // Sweeps, sessions and writes have no part in it.
    store: store as Store,
    report: () => report,
    evidence,
    kept: (keys) =>
      [...results.values()]
        .filter(({ ref }) => keys.test(ref.stepKey))
        .map(({ result }) => (result as { readonly kept: unknown }).kept),
  };
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

function sum(one: StepCost, other: StepCost): StepCost {
  return {
    toolCalls: one.toolCalls + other.toolCalls,
    modelCalls: one.modelCalls + other.modelCalls,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    usdMicros: one.usdMicros + other.usdMicros,
  };
}
