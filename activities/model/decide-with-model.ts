import type { LoopRole } from '../../agents/catalogue.ts';
import { followUpMessage, openingMessage } from '../../agents/model/decide-messages.ts';
import type { Scene } from '../../agents/model/decide-messages.ts';
import type { DraftMessage } from '../../agents/model/draft.ts';
import { hasSubject } from '../../agents/model/has-subject.ts';
import { restoreCalls } from '../../agents/model/hide-message.ts';
import { knownNames } from '../../agents/model/known-names.ts';
import { mergeDecisions, withoutModel } from '../../agents/model/merge-decisions.ts';
import { namesToHide } from '../../agents/model/names-to-hide.ts';
import { offerTools } from '../../agents/model/offer-tools.ts';
import type { Offer, OfferedTool } from '../../agents/model/offer-tools.ts';
import { hasStagnated } from '../../agents/model/stagnation.ts';
import { readDecision } from '../../agents/model/read-decision.ts';
import type { Proposal } from '../../agents/model/read-decision.ts';
import type { ModelCall, ModelMessage } from '../../core/ports/model.ts';
import { openAliasBook } from '../../core/safety/masking/aliases.ts';
import { ownValue } from '../../core/own-value.ts';
import type { Decided, DecideInput, Policy } from '../../core/ports/policy.ts';
import type { Tool } from '../../core/ports/tool.ts';
import type { Brief } from '../../core/schemas/brief.ts';
import type { Claim, Finding } from '../../core/schemas/finding.ts';
import type { ModelUse } from '../../workflows/messages.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { recallSome } from '../recall.ts';
import { carriedSentences } from './carried-sentences.ts';
import type { Asking } from './ask-within-budget.ts';
import type { Consulted, Conversation, createConsult } from './consult.ts';
import { orEmbedded } from './or-embedded.ts';
import type { ReasonedBy } from './use-model.ts';

export interface ModelDeps {
  readonly store: ActivityDependencies['store'];
  readonly catalogue: ActivityDependencies['catalogue'];
  readonly model: ActivityDependencies['model'];
  readonly now: () => number;
  readonly consult: ReturnType<typeof createConsult>;
}

interface DecideWithModel {
  readonly role: LoopRole;
  readonly stands: DecideInput;
  readonly use: ModelUse;
  readonly asking: Asking;
}

/** What a decide step keeps where a model was asked: the decision, who made it, and what was said. */
export interface ReasonedDecision extends Decided {
  readonly reasonedBy: ReasonedBy;
  readonly exchange: Exchange | null;
}

/** What one round added to the conversation of its loop, in both forms, and how many observations it knew of. */
interface Exchange {
  readonly added: readonly ModelMessage[];
  readonly aliases: Conversation['aliases'];
  readonly seen: number;
}

interface KeptDecision {
  readonly reasonedBy?: ReasonedBy;
  readonly exchange?: Exchange | null;
}

const maxClaims = 8;

/**
 * Decides one round with a model: one call, and one more where the first answer could not be used. The embedded policy says what is done at least; where
 * the model cannot be asked, or says nothing of use, it decides. After an outage or a breach of the budget a loop does not ask again. Where a cap is reached, or two
 * rounds brought nothing new, there are no tools any more: it must conclude.
 */
export async function decideWithModel(
  deps: ModelDeps,
  policy: Policy,
  work: DecideWithModel,
): Promise<ReasonedDecision> {
  const { stands, asking, use } = work;
  const floor = decideAlone(policy, stands);
  const earlier = await recallRounds(deps, asking, stands.round);
  const given = earlier.find(
    ({ reasonedBy }) =>
      reasonedBy != null &&
      reasonedBy.fallback !== null &&
      reasonedBy.fallback.because !== 'model-output',
  )?.reasonedBy;
  if (given !== undefined) {
    const { fallback } = given;
    const unasked = { asks: 0, repairs: 0, refused: [], dropped: 0 };
    return { ...floor, reasonedBy: { fallback, ...unasked }, exchange: null };
  }
  return orEmbedded<ReasonedDecision>(
    { ...asking, endsAt: use.endsAt, isRequired: use.model.isRequired, now: deps.now },
    () => ask(deps, policy, work, floor, earlier),
    (reasonedBy) => ({ ...floor, reasonedBy, exchange: null }),
  );
}

/** What the embedded policy would do if no model had ever looked at anything. */
function decideAlone(policy: Policy, stands: DecideInput): Decided {
  const observations = withoutModel(stands.observations);
  if (observations.length === stands.observations.length) return policy.decide(stands);
  const { brief, findings } = stands;
  const orientation = policy.orient({ brief, observations, findings });
  return policy.decide({ ...stands, observations, orientation });
}

async function ask(
  deps: ModelDeps,
  policy: Policy,
  { role, stands, use, asking }: DecideWithModel,
  floor: Decided,
  earlier: readonly KeptDecision[],
): Promise<ReasonedDecision> {
  // Whoever asks others is held by the number of questions: an answer that refutes shows nothing, and is worth having.
  const isAsker = Object.keys(use.asks).length > 0;
  const seen = earlier.flatMap(({ exchange }) => exchange?.seen ?? []);
  const isIdle = !isAsker && hasStagnated(stands.observations, seen);
  const mustConclude = stands.mustConclude !== null || isIdle;
  const offer = mustConclude ? { own: [], asks: {} } : offerOf(deps, use, stands.brief);
  const scene: Scene = { input: stands, floor, hasStagnated: isIdle };
  const { before, say } = conversationOf(scene, earlier);
  const consulted = await deps.consult<Proposal>({
    ...{ asking, use, prompt: role, before, say },
    known: namesToHide(stands.brief, stands.observations),
    tools: offerTools(offer),
    responseSchema: null,
    read: (turn, restore) => {
      const read = readDecision(turn, restore, offer);
      return { ...read, value: read.proposal };
    },
  });
  const decision = mergeDecisions(floor, consulted.value, {
    observations: stands.observations,
    asked: stands.asked,
    mustConclude,
  });
  const { added, aliases } = consulted;
  const exchange = { added, aliases, seen: stands.observations.length };
  if (decision.kind !== 'conclude') {
    return { decision, finding: null, reasonedBy: reasonedBy(consulted, 0), exchange };
  }
  const concluded = policy.decide({ ...stands, mustConclude: stands.mustConclude ?? 'calls' });
  const { carried, dropped } = await claimsOf(
    deps,
    asking,
    consulted.value,
    knownNames(stands.brief, stands.observations),
  );
  return {
    ...concluded,
    decision,
    finding: withClaims(concluded.finding ?? floor.finding, carried, stands.mustConclude),
    reasonedBy: reasonedBy(consulted, dropped),
    exchange,
  };
}

function offerOf(
  { catalogue, model }: Pick<ModelDeps, 'catalogue' | 'model'>,
  { tools, asks }: ModelUse,
  brief: Brief,
): Offer {
  const isOffered = (tool: Tool): boolean =>
    tool.effect === 'read' && (model?.hasSlimTools !== true || hasSubject(tool, brief));
  const offered = (names: readonly string[]): OfferedTool[] =>
    names.flatMap((name) => ownValue(catalogue, name) ?? []).filter((tool) => isOffered(tool));
  const others = Object.entries(asks).map(([role, names]) => [role, offered(names)] as const);
  return { own: offered(tools), asks: Object.fromEntries(others) };
}

/** A conversation goes on where the round before was a part of it; else it begins with everything that was seen. */
function conversationOf(
  scene: Scene,
  earlier: readonly KeptDecision[],
): { readonly before: Conversation; readonly say: DraftMessage } {
  const start = earlier.findLastIndex(({ exchange }) => exchange == null) + 1;
  const exchanges = earlier.slice(start).flatMap(({ exchange }) => exchange ?? []);
  const last = exchanges.at(-1);
  const spoken = last?.added.at(-1);
  if (last === undefined || spoken?.role !== 'model') {
    return { before: { messages: [], aliases: {} }, say: openingMessage(scene) };
  }
  return {
    before: { messages: exchanges.flatMap(({ added }) => added), aliases: last.aliases },
    say: followUpMessage(scene, callsOf(spoken, last.aliases), last.seen),
  };
}

function callsOf(
  { turn }: Extract<ModelMessage, { role: 'model' }>,
  aliases: Conversation['aliases'],
): readonly ModelCall[] {
  return restoreCalls(turn.calls, openAliasBook(aliases).restore);
}

async function recallRounds(
  { store }: ModelDeps,
  { workflowId, stepKey }: Asking,
  round: number,
): Promise<readonly KeptDecision[]> {
  if (round <= 1) return [];
  const prefix = stepKey.slice(0, stepKey.lastIndexOf(`r${round}.decide`));
  const keys = Array.from({ length: round - 1 }, (_, index) => ({
    workflowId,
    stepKey: `${prefix}r${index + 1}.decide`,
  }));
  return (await recallSome(store, keys)).map(({ kept }) => kept as KeptDecision);
}

async function claimsOf(
  { store }: ModelDeps,
  { investigationId }: Asking,
  proposal: Proposal,
  names: readonly string[],
): Promise<{ readonly carried: readonly Claim[]; readonly dropped: number }> {
  if (proposal.kind !== 'conclude') return { carried: [], dropped: 0 };
  const { carried, dropped } = await carriedSentences(
    store,
    investigationId,
    proposal.claims,
    names,
  );
  return { carried, dropped: dropped.length };
}

function withClaims(
  finding: Finding | null,
  claims: readonly Claim[],
  mustConclude: DecideInput['mustConclude'],
): Finding | null {
  if (finding === null) return null;
  return {
    ...finding,
    claims: [...claims, ...finding.claims].slice(0, maxClaims),
    ended: mustConclude ?? 'answered',
  };
}

function reasonedBy({ asks, repairs, refused }: Consulted<unknown>, dropped: number): ReasonedBy {
  return { fallback: null, asks, repairs, refused, dropped };
}
