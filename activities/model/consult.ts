import type { DraftAnswer, DraftMessage } from '../../agents/model/draft.ts';
import { hideMessage } from '../../agents/model/hide-message.ts';
import type { Restore } from '../../agents/model/hide-message.ts';
import { AppError, errorPolicy, isAppError } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { ModelMessage, ModelRequest, ModelTurn } from '../../core/ports/model.ts';
import { costOf, mostTokens } from '../../core/reliability/cost/model-price.ts';
import type { Aliases } from '../../core/safety/masking/aliases.ts';
import { createIdentifierMask } from '../../core/safety/masking/mask-identifiers.ts';
import type { IdentifierMask, MaskOptions } from '../../core/safety/masking/mask-identifiers.ts';
import type { ModelCallRow, Store } from '../../store/store.ts';
import type { ModelUse, PromptName } from '../../workflows/messages.ts';
import type { ModelAccess } from './use-model.ts';

/** Where a call of a model belongs. */
export interface Asking {
  readonly investigationId: string;
  readonly workflowId: string;
  readonly stepKey: string;
  readonly attempt: number;
  readonly signal: AbortSignal;
}

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
/** Calls that fail in a row after which an investigation does without its model. */
const outageAfter = 3;
const passingCodes: readonly string[] = [
  'rate-limited.model',
  'unavailable.model',
  'timeout.model',
] satisfies readonly ErrorCode[];
const outageCodes: readonly string[] = [
  ...passingCodes,
  ...(['forbidden.model', 'invalid.model-request'] satisfies readonly ErrorCode[]),
];
/** Refused before anything was made of it. */
const freeCodes: readonly string[] = outageCodes.filter((code) => code !== 'timeout.model');

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
      const said = await askOnce(deps, access, consultation, request, ask);
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

async function askOnce(
  deps: { readonly store: Pick<Store, 'modelCalls'>; readonly now: () => number },
  access: ModelAccess,
  { asking, use }: Pick<Consultation<unknown>, 'asking' | 'use'>,
  request: ModelRequest,
  ask: number,
): Promise<ModelTurn> {
  const { model, price } = access;
  const { signal, ...place } = asking;
  const { modelCalls } = deps.store;
  if (failuresInARow(await modelCalls.list(place.investigationId)) >= outageAfter) {
    throw new AppError(
      'unavailable.model',
      `${model.name} has failed ${outageAfter} times in a row`,
      {
        details: { isOut: true },
      },
    );
  }
  const timeoutMs = Math.min(access.timeoutMs, use.endsAt - deps.now());
  if (timeoutMs <= 0) {
    throw new AppError('timeout.model', 'no time is left to ask a model', {
      details: { isOut: true },
    });
  }
  const most = {
    inputTokens: mostTokens(Buffer.byteLength(JSON.stringify(request))),
    outputTokens: request.maxOutputTokens,
  };
  const usdMicros = costOf(price, most);
  const { workflowId, stepKey, attempt } = place;
  const id = `${workflowId}/${stepKey}/${attempt}/${ask}`;
  const { refused } = await modelCalls.reserve({
    ...{ ...place, id, ask, provider: model.provider, model: model.name },
    tokens: most.inputTokens + most.outputTokens,
    usdMicros,
    at: deps.now(),
    limits: use.model.limits,
  });
  if (refused !== null) {
    throw new AppError('budget-exceeded.model', `the budget of ${refused} does not allow a call`);
  }
  try {
    const turn = await model.ask(request, { signal, timeoutMs });
    // Of what nobody counted, all that was set aside is taken.
    const usage = turn.usage ?? { ...most, cachedTokens: 0 };
    const took = { ...usage, usdMicros: costOf(price, usage) };
    await modelCalls.settle(id, { at: deps.now(), code: null, ...took });
    return turn;
  } catch (error) {
    const code = isAppError(error) ? error.code : 'bug.invariant';
    // What was refused costs nothing; what was cut off, or cannot be read, may have cost all of it.
    const isFree =
      freeCodes.includes(code) && isAppError(error) && error.details['mayCost'] !== true;
    const took = isFree
      ? { inputTokens: 0, outputTokens: 0, cachedTokens: 0, usdMicros: 0 }
      : { ...most, cachedTokens: 0, usdMicros };
    await modelCalls.settle(id, { at: deps.now(), code, ...took });
    throw error;
  }
}

/** Counts the last failures one after the other. Of calls that were under way together, as those of specialists are, all failures are one. */
export function failuresInARow(
  calls: readonly Pick<ModelCallRow, 'code' | 'reservedAt' | 'settledAt'>[],
): number {
  const ended = calls
    .flatMap(({ code, reservedAt, settledAt }) =>
      settledAt === null || code === 'budget-exceeded.model'
        ? []
        : [{ code, reservedAt, settledAt }],
    )
    .sort((one, other) => one.settledAt - other.settledAt);
  let count = 0;
  let failedAt = -Infinity;
  for (const { code, reservedAt, settledAt } of ended) {
    if (!outageCodes.includes(code ?? '')) {
      count = 0;
    } else if (count === 0 || reservedAt >= failedAt) {
      count += 1;
      failedAt = settledAt;
    }
  }
  return count;
}

/** Whether a step that failed so may be tried again, in the time that is left to ask a model. */
export function isWorthRetrying(
  error: AppError,
  so: { readonly attempt: number; readonly now: number; readonly endsAt: number },
): boolean {
  const { code, details } = error;
  if (!passingCodes.includes(code) || details['isOut'] === true) return false;
  const { retryAfterMs } = details;
  const waitMs = typeof retryAfterMs === 'number' ? retryAfterMs : 1_000;
  return errorPolicy(code).retry && so.attempt < outageAfter && so.now + waitMs < so.endsAt;
}
