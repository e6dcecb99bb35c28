import { AppError, isAppError } from '../../core/errors.ts';
import type { ModelRequest, ModelTurn } from '../../core/ports/model.ts';
import { costOf, mostTokens } from '../../core/reliability/cost/model-price.ts';
import type { Store } from '../../store/store.ts';
import type { ModelUse } from '../../workflows/messages.ts';
import { failuresInARow, outageAfter, outageCodes } from './outages.ts';
import type { ModelAccess } from './use-model.ts';

/** Where a call of a model belongs. */
export interface Asking {
  readonly investigationId: string;
  readonly workflowId: string;
  readonly stepKey: string;
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/** Refused before anything was made of it. */
const freeCodes: readonly string[] = outageCodes.filter((code) => code !== 'timeout.model');

/**
 * Asks a model once: what the call may take is set aside before, and replaced by what it took after it, in a row of the ledger of its own. Rejects with what the driver says, with
 * `budget-exceeded.model`, or without asking where the model is out or no time is left.
 */
export async function askWithinBudget(
  deps: { readonly store: Pick<Store, 'modelCalls'>; readonly now: () => number },
  access: ModelAccess,
  { asking, use }: { readonly asking: Asking; readonly use: ModelUse },
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
