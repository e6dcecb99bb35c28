import type { DraftAnswer, DraftMessage } from '../../agents/model/draft.ts';
import { hideMessage } from '../../agents/model/hide-message.ts';
import type { Restore } from '../../agents/model/hide-message.ts';
import { AppError } from '../../core/errors.ts';
import type { ModelMessage, ModelRequest, ModelTurn } from '../../core/ports/model.ts';
import type { Aliases } from '../../core/safety/masking/aliases.ts';
import { createIdentifierMask } from '../../core/safety/masking/mask-identifiers.ts';
import type { IdentifierMask, MaskOptions } from '../../core/safety/masking/mask-identifiers.ts';
import type { Store } from '../../store/store.ts';
import type { ModelUse, PromptName } from '../../workflows/messages.ts';
import { askWithinBudget } from './ask-within-budget.ts';
import type { Asking } from './ask-within-budget.ts';
import type { ModelAccess } from './use-model.ts';

export interface Consultation<Value> {
  readonly asking: Asking;
  readonly use: ModelUse;
  readonly prompt: PromptName;
  /** Names that are hidden; what the conversation was masked with so far. */
  readonly known: MaskOptions['known'];
  readonly before: Conversation;
  readonly say: DraftMessage;
  readonly tools: ModelRequest['tools'];
  readonly responseSchema: ModelRequest['responseSchema'];
  /** Reads an answer, in which identifiers are still hidden, and restores them in what it has read. A problem is told to the model, once. */
  readonly read: (turn: ModelTurn, restore: Restore) => Read<Value>;
}

export interface Read<Value> {
  readonly value: Value | null;
  readonly problem: string | null;
  readonly answers: readonly DraftAnswer[];
  readonly isRepaired: boolean;
  readonly refused: readonly string[];
}

/** A conversation as a model knows it, masked, and what stands for what in it. */
export interface Conversation {
  readonly messages: readonly ModelMessage[];
  readonly aliases: Aliases;
}

export interface Consulted<Value> {
  readonly value: Value;
  /** What this consultation added, to be kept for the next round. */
  readonly added: readonly ModelMessage[];
  readonly aliases: Aliases;
  readonly asks: number;
  readonly repairs: number;
  readonly refused: readonly string[];
}

const mostAsks = 2;
/**
 * Makes what asks a model: masked, within the budget, with a row of the ledger for each call; an answer that cannot be used is told so once. Rejects with
 * what the driver says, `budget-exceeded.model`, or `model-output.schema` where the second answer is no better.
 */
export function createConsult(deps: {
  readonly store: Pick<Store, 'modelCalls'>;
  readonly model: ModelAccess | null;
  readonly now: () => number;
}): <Value>(consultation: Consultation<Value>) => Promise<Consulted<Value>> {
  return async (consultation) => {
    const { use, prompt, before, say, tools, responseSchema, read } = consultation;
    const access = requireAccess(deps.model, use);
    const mask = maskOf(access, consultation.known, before.aliases);
    const system = await deps.store.modelCalls.prompt(use.model.prompts[prompt]);
    if (system === null) throw new AppError('bug.invariant', `the prompt ${prompt} is not kept`);
    const added: ModelMessage[] = [hideMessage(say, mask)];
    const refused: string[] = [];
    let repairs = 0;
    for (let ask = 1; ask <= mostAsks; ask += 1) {
      const request: ModelRequest = {
        system,
        messages: [...before.messages, ...added],
        tools,
        toolChoice: 'required',
        responseSchema,
        maxOutputTokens: use.model.maxOutputTokens,
      };
      const said = await askWithinBudget(deps, access, consultation, request, ask);
      const { value, problem, answers, isRepaired, refused: denied } = read(said, mask.restore);
      refused.push(...denied);
      if (isRepaired && value !== null) repairs += 1;
      const { text, calls, native } = said;
      // A turn without a word cannot be sent back.
      const isSilent = text === '' && calls.length === 0;
      if (!isSilent) added.push({ role: 'model', turn: { text, calls, native } });
      if (value !== null && (problem === null || ask === mostAsks)) {
        return { value, added, aliases: mask.aliases(), asks: ask, repairs, refused };
      }
      const told = correction(said, problem ?? 'That could not be read.', answers);
      added.push(hideMessage(told, mask));
    }
    throw new AppError('model-output.schema', `${access.model.name} gave no answer of use, twice`, {
      details: { asks: mostAsks, repairs, refused },
    });
  };
}

function requireAccess(access: ModelAccess | null, { model }: ModelUse): ModelAccess {
  if (access?.model.provider === model.provider && access.model.name === model.name) return access;
  throw new AppError('forbidden.model', `this worker does not have the model ${model.name}`);
}

function maskOf(
  { isMasking, maskTerms, findMasked }: ModelAccess,
  known: MaskOptions['known'],
  aliases: Aliases,
): IdentifierMask {
  if (isMasking) {
    return createIdentifierMask({ known, terms: maskTerms, find: findMasked, aliases });
  }
  return { mask: (text) => text, restore: (text) => text, aliases: () => ({}) };
}

/** Providers want an answer to each call; one of which nothing is to be said is told what was wrong with the turn. */
function correction(
  said: ModelTurn,
  problem: string,
  answers: readonly DraftAnswer[],
): DraftMessage {
  if (said.calls.length === 0) {
    return { role: 'user', text: [`That could not be used: ${problem}`] };
  }
  return {
    role: 'answers',
    answers: said.calls.map(
      ({ id, name }, index) => answers[index] ?? { id, name, ok: false, answer: [problem] },
    ),
  };
}
