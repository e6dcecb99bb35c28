import type { ReportParts } from '../../core/report/compose-report.ts';
import { diagnosisSchema } from '../../core/schemas/diagnosis.ts';
import type { ReportReasoner } from '../../core/schemas/report.ts';
import type { ModelCallRow, Store } from '../../store/store.ts';
import type { FrozenModel, SpecialistResult, StepKey, Story } from '../../workflows/messages.ts';
import { recallSome } from '../recall.ts';
import type { ReasonedBy } from './use-model.ts';

interface Decider {
  /** Whose loop of rounds it was. */
  readonly role: string;
  readonly round: number;
  readonly by: ReasonedBy;
}

const maxRefused = 10;
const maxFallbacks = 40;

/** Collects who decided each step of an investigation that was to have a model, and what the model made of it all. */
export async function gatherModel(
  store: Store,
  model: FrozenModel,
  story: Story,
): Promise<Pick<ReportParts, 'reasoner' | 'diagnosis'>> {
  const { plan, diagnosis } = story;
  const ends = await recallSome(
    store,
    [plan, diagnosis].flatMap((key) => key ?? []),
  );
  const named = new Map(ends.map(({ stepKey, kept }) => [stepKey, kept as KeptReasoning]));
  const planned = named.get(plan?.stepKey ?? '')?.reasonedBy;
  const diagnosed = named.get(diagnosis?.stepKey ?? '');
  const deciders: Decider[] = [
    ...(planned === undefined ? [] : [{ role: 'plan', round: 1, by: planned }]),
    ...(await decidersOf(store, story)),
    ...(diagnosed?.reasonedBy === undefined
      ? []
      : [{ role: 'diagnosis', round: 1, by: diagnosed.reasonedBy }]),
  ];
  return {
    reasoner: reasonerOf(model, deciders),
    diagnosis: diagnosisSchema.nullable().parse(diagnosed?.diagnosis ?? null),
  };
}

interface KeptReasoning {
  readonly reasonedBy?: ReasonedBy;
  readonly diagnosis?: unknown;
}

async function decidersOf(store: Store, story: Story): Promise<Decider[]> {
  const root = story.synthesis ?? story.brief;
  const loops: readonly Pick<SpecialistResult, 'role' | 'workflowId' | 'prefix' | 'rounds'>[] = [
    ...(story.earlier ?? []),
    ...story.specialists,
  ];
  const all = [
    ...loops.map(({ role, workflowId, prefix, rounds }) => ({
      role: nameOf(role, prefix),
      workflowId,
      prefix,
      rounds,
    })),
    {
      role: 'root-cause',
      workflowId: root?.workflowId ?? '',
      prefix: 'root-cause',
      rounds: story.synthesisRounds,
    },
  ];
  const places = all.flatMap(({ role, workflowId, prefix, rounds }) =>
    Array.from({ length: rounds }, (_, index) => ({
      role,
      round: index + 1,
      key: { workflowId, stepKey: `${prefix}.r${index + 1}.decide` } satisfies StepKey,
    })),
  );
  const kept = await recallSome(
    store,
    places.map(({ key }) => key),
  );
  const byKey = new Map(kept.map((one) => [one.stepKey, one.kept as KeptReasoning]));
  return places.flatMap(({ role, round, key }) => {
    const by = byKey.get(key.stepKey)?.reasonedBy;
    return by === undefined ? [] : [{ role, round, by }];
  });
}

/** A specialist begins its rounds anew for each question of root cause, and for a second look. */
function nameOf(role: string, prefix: string): string {
  if (prefix.includes('.question-')) return `${role} on a question`;
  return prefix.endsWith('.again') ? `${role} looking again` : role;
}

/** Tells with what code the model failed last, of the calls that were not tried again with success; null where there is none. */
export function lastingFailure(
  calls: readonly Pick<ModelCallRow, 'stepKey' | 'state' | 'code'>[],
): string | null {
  const isLasting = (call: (typeof calls)[number]): boolean =>
    call.state === 'failed' && calls.findLast(({ stepKey }) => stepKey === call.stepKey) === call;
  return calls.findLast(isLasting)?.code ?? null;
}

/** Sums up who decided. Without a model, that the embedded policies did. */
export function reasonerOf(
  model: FrozenModel | null,
  deciders: readonly Decider[],
): ReportReasoner {
  const total = (figure: (by: ReasonedBy) => number): number =>
    deciders.reduce((sum, { by }) => sum + figure(by), 0);
  const isModels = deciders.some(({ by }) => by.fallback === null);
  return {
    kind: isModels ? 'model' : 'embedded',
    model: model?.name ?? null,
    promptHashes: { ...model?.prompts },
    fallbacks: deciders
      .flatMap(({ role, round, by }) =>
        by.fallback === null ? [] : [{ role, round, ...by.fallback }],
      )
      .slice(0, maxFallbacks),
    repairCount: total(({ repairs }) => repairs),
    askedAgainCount: total(({ asks }) => Math.max(0, asks - 1)),
    refusedTools: [...new Set(deciders.flatMap(({ by }) => by.refused))].slice(0, maxRefused),
    droppedCount: total(({ dropped }) => dropped),
  };
}
